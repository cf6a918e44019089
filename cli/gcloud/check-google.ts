import { fine, type Check } from '../doctor/check.ts';
import { shellWord } from '../output/shell-word.ts';
import { refusalOf, type CallGoogle, type GoogleAnswer, type GoogleCall } from './google-call.ts';
import type { GoogleEndpoints } from './google-endpoints.ts';
import type { GooglePlace, TableName } from './google-place.ts';

interface CheckInput {
  readonly place: GooglePlace;
  readonly endpoints: GoogleEndpoints;
  /** Who is asking, in the words of `gcloud`: `serviceAccount:...` or `user:...`. */
  readonly member: string;
  readonly call: CallGoogle;
  /** A command line of ours. */
  readonly command: (words: string) => string;
}

/** Whether Google lets a run do what it needs, by asking for permissions, not for roles; each lack with the command that mends it. */
export async function checkGoogle(input: CheckInput): Promise<readonly Check[]> {
  const { dataset, source, bucket, loadBucket } = input.place;
  return [
    ...(await checkServices(input)),
    ...(await checkProject(input)),
    ...(dataset === undefined ? [] : [await checkDataset(input, dataset)]),
    ...(source === undefined ? [] : [await checkSource(input, source)]),
    ...(bucket === undefined ? [] : [await checkBucket(input, bucket, READING)]),
    ...(loadBucket === undefined ? [] : [await checkBucket(input, loadBucket, LOADING)]),
  ];
}

const SERVICES = [
  { service: 'bigquery.googleapis.com', use: 'tables' },
  { service: 'bigquerystorage.googleapis.com', use: 'tables' },
  { service: 'storage.googleapis.com', use: 'model' },
  { service: 'aiplatform.googleapis.com', use: 'model' },
] as const;

async function checkServices({ place, endpoints, call }: CheckInput): Promise<readonly Check[]> {
  const { project } = place;
  const services = SERVICES.filter(isFor(place)).map(({ service }) => service);
  const names = services.map((service) => `names=projects/${inUrl(project)}/services/${service}`).join('&');
  const url = `${endpoints.serviceUsage}/v1/projects/${inUrl(project)}/services:batchGet?${names}`;
  const answer = await call({ method: 'GET', url });
  if (answer.status !== 200) {
    return [
      {
        name: 'apis',
        state: 'warning',
        message: `Which APIs are on in ${project} cannot be seen: ${refusalOf(answer)}`,
        fix: `gcloud services enable ${services.join(' ')} --project ${shellWord(project)}`,
      },
    ];
  }
  const { services: found = [] } = answer.body as { services?: readonly { name: string; state: string }[] };
  const on = new Set(found.filter(({ state }) => state === 'ENABLED').map(({ name }) => name.split('/').at(-1)));
  return services.map((service): Check => {
    if (on.has(service)) return fine(service, 'is on');
    const fix = `gcloud services enable ${service} --project ${shellWord(project)}`;
    return { name: service, state: 'problem', message: `This API is off in ${project}.`, fix };
  });
}

/** Permissions that only a project can give, and the narrowest role that has each. */
const OF_PROJECT = [
  { permission: 'bigquery.jobs.create', role: 'roles/bigquery.jobUser', use: 'tables' },
  { permission: 'aiplatform.endpoints.predict', role: 'roles/aiplatform.user', use: 'model' },
] as const;

async function checkProject({ place, endpoints, member, call }: CheckInput): Promise<readonly Check[]> {
  const { project } = place;
  const needed = OF_PROJECT.filter(isFor(place));
  const permissions = needed.map(({ permission }) => permission);
  const url = `${endpoints.resourceManager}/v1/projects/${inUrl(project)}:testIamPermissions`;
  const answer = await call({ method: 'POST', url, body: { permissions } });
  if (answer.status !== 200) return [refused(`project ${project}`, answer, 'gcloud projects list')];
  const held = permissionsIn(answer);
  return needed.map(({ permission, role }) =>
    judge(
      permission,
      held,
      `gcloud projects add-iam-policy-binding ${shellWord(project)} ${flag('member', member)} --role=${role}`,
    ),
  );
}

function isFor({ only }: GooglePlace): (need: { readonly use: 'tables' | 'model' }) => boolean {
  return ({ use }) => only === undefined || only === use;
}

/** A query that is only planned says whether tables may be made, without making one. */
async function checkDataset(
  { place: { project }, endpoints, member, call, command }: CheckInput,
  dataset: string,
): Promise<Check> {
  const name = `dataset ${dataset}`;
  const root = `${endpoints.bigquery}/bigquery/v2/projects/${inUrl(project)}`;
  const found = await call({ method: 'GET', url: `${root}/datasets/${inUrl(dataset)}` });
  const statement = `GRANT \`roles/bigquery.dataEditor\` ON SCHEMA \`${project}.${dataset}\` TO "${member}"`;
  const grant = `bq query --use_legacy_sql=false ${shellWord(statement)}`;
  if (found.status === 404) {
    const fix = command(`gcloud setup --store ${shellWord(`bq://${project}.${dataset}`)} --location US`);
    const message = `There is no dataset ${dataset} in ${project}. Its location, US or another, is for good: that of the data that you read.`;
    return { name, state: 'problem', message, fix };
  }
  if (found.status !== 200) return refused(name, found, grant);
  const planned = await call(planCall(`${root}/queries`, `${project}.${dataset}`, found));
  if (planned.status !== 200) return refused(name, planned, grant);
  return fine(name, `tables can be made in it, in ${locationOf(found)}`);
}

function planCall(url: string, dataset: string, found: GoogleAnswer): GoogleCall {
  const query = `CREATE TABLE \`${dataset}.sightline_check\` (checked BOOL)`;
  return { method: 'POST', url, body: { query, useLegacySql: false, dryRun: true, location: locationOf(found) } };
}

function locationOf({ body }: GoogleAnswer): string {
  return (body as { location?: string }).location ?? 'US';
}

const OF_TABLE = ['bigquery.tables.get', 'bigquery.tables.getData'];

async function checkSource({ endpoints, member, call }: CheckInput, source: TableName): Promise<Check> {
  const { project, dataset, table } = source;
  const name = `table ${dataset}.${table}`;
  const url = `${endpoints.bigquery}/bigquery/v2/projects/${inUrl(project)}/datasets/${inUrl(dataset)}/tables/${inUrl(table)}:testIamPermissions`;
  const answer = await call({ method: 'POST', url, body: { permissions: OF_TABLE } });
  const fix = `bq add-iam-policy-binding ${flag('member', member)} --role=roles/bigquery.dataViewer ${shellWord(`${project}:${dataset}.${table}`)}`;
  if (answer.status === 404) {
    const message = `There is no table ${table} in ${project}.${dataset}.`;
    return { name, state: 'problem', message, fix: `bq ls ${shellWord(`${project}:${dataset}`)}` };
  }
  return answer.status === 200 ? judgeAll(name, OF_TABLE, permissionsIn(answer), fix) : refused(name, answer, fix);
}

interface BucketUse {
  readonly permissions: readonly string[];
  /** The narrowest that has them. */
  readonly role: string;
  /** What to type where there is no such bucket. */
  readonly whereAbsent: (bucket: string, project: string) => string;
}

const READING: BucketUse = {
  permissions: ['storage.objects.get', 'storage.objects.list'],
  role: 'roles/storage.objectViewer',
  whereAbsent: (_, project) => `gcloud storage ls ${flag('project', project)}`,
};
/** Rows are kept there on their way, loaded from there by us, and removed. */
const LOADING: BucketUse = {
  permissions: [...READING.permissions, 'storage.objects.create', 'storage.objects.delete'],
  role: 'roles/storage.objectUser',
  whereAbsent: (bucket, project) =>
    `gcloud storage buckets create ${shellWord(`gs://${bucket}`)} ${flag('project', project)} --location=LOCATION-OF-THE-DATASET`,
};

async function checkBucket(
  { place: { project }, endpoints, member, call }: CheckInput,
  bucket: string,
  { permissions, role, whereAbsent }: BucketUse,
): Promise<Check> {
  const name = `bucket ${bucket}`;
  const query = permissions.map((permission) => `permissions=${permission}`).join('&');
  const answer = await call({
    method: 'GET',
    url: `${endpoints.storage}/storage/v1/b/${inUrl(bucket)}/iam/testPermissions?${query}`,
  });
  const fix = `gcloud storage buckets add-iam-policy-binding ${shellWord(`gs://${bucket}`)} ${flag('member', member)} --role=${role}`;
  if (answer.status === 404) {
    return { name, state: 'problem', message: `There is no bucket ${bucket}.`, fix: whereAbsent(bucket, project) };
  }
  return answer.status === 200 ? judgeAll(name, permissions, permissionsIn(answer), fix) : refused(name, answer, fix);
}

function permissionsIn({ body }: GoogleAnswer): ReadonlySet<string> {
  return new Set((body as { permissions?: readonly string[] }).permissions ?? []);
}

function judge(permission: string, held: ReadonlySet<string>, fix: string): Check {
  return judgeAll(permission, [permission], held, fix);
}

function judgeAll(name: string, permissions: readonly string[], held: ReadonlySet<string>, fix: string): Check {
  const missing = permissions.filter((permission) => !held.has(permission));
  if (missing.length === 0) return fine(name, 'is given');
  return { name, state: 'problem', message: `Missing: ${missing.join(', ')}.`, fix };
}

function refused(name: string, answer: GoogleAnswer, fix: string): Check {
  return { name, state: 'problem', message: `Google refuses: ${refusalOf(answer)}`, fix };
}

const inUrl = encodeURIComponent;

function flag(name: string, value: string): string {
  return `--${name}=${shellWord(value)}`;
}
