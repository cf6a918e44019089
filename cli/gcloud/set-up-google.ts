import { createSmallTable, TABLES_OF_ALL_RUNS } from '../../stores/bigquery/own-tables.ts';
import { refusalOf, type CallGoogle, type GoogleAnswer, type GoogleCall } from './google-call.ts';
import type { GoogleEndpoints } from './google-endpoints.ts';

interface SetUpInput {
  readonly project: string;
  readonly dataset: string;
  /** Where data is kept, such as `EU`; it cannot be changed later. */
  readonly location: string;
  /** Made too when it is named. */
  readonly bucket?: string;
  readonly endpoints: GoogleEndpoints;
}

/**
 * One thing that set-up makes. That it is there already is as good, when `look` finds it, and in this place. Most calls are then
 * answered with 409; one that would say nothing of it is made only after a look.
 */
export interface SetUpStep {
  readonly what: string;
  readonly location: string;
  readonly looksFirst?: true;
  readonly call: GoogleCall;
  readonly look: GoogleCall;
}

/** What has to be there before the first run, and the tables that all runs share; those of results are made by runs. */
export function planSetUp(input: SetUpInput): readonly SetUpStep[] {
  const { project, dataset, location, bucket, endpoints } = input;
  const datasetCall: GoogleCall = {
    method: 'POST',
    url: `${endpoints.bigquery}/bigquery/v2/projects/${project}/datasets`,
    body: {
      datasetReference: { projectId: project, datasetId: dataset },
      location,
      description: 'Results of Sightline',
    },
  };
  const bucketCall: GoogleCall = {
    method: 'POST',
    url: `${endpoints.storage}/storage/v1/b?project=${project}`,
    body: { name: bucket, location, iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } },
  };
  return [
    {
      what: `dataset ${dataset} in ${location}`,
      location,
      call: datasetCall,
      look: { method: 'GET', url: `${datasetCall.url}/${dataset}` },
    },
    ...(bucket === undefined
      ? []
      : [
          {
            what: `bucket ${bucket} in ${location}`,
            location,
            call: bucketCall,
            look: { method: 'GET', url: `${endpoints.storage}/storage/v1/b/${bucket}` } as const,
          },
        ]),
    ...planTables(input),
  ];
}

function planTables({ project, dataset, location, endpoints }: SetUpInput): readonly SetUpStep[] {
  const root = `${endpoints.bigquery}/bigquery/v2/projects/${project}`;
  return TABLES_OF_ALL_RUNS.map((table) => {
    const query = createSmallTable(table, `\`${project}\`.\`${dataset}\`.\`${table.name}\``);
    return {
      what: `table ${table.name}`,
      location,
      looksFirst: true,
      call: {
        method: 'POST',
        url: `${root}/queries`,
        body: { query, useLegacySql: false, location, timeoutMs: STATEMENT_MS },
      },
      look: { method: 'GET', url: `${root}/datasets/${dataset}/tables/${table.name}` },
    };
  });
}

/** Google answers by then, finished or not. */
const STATEMENT_MS = 20_000;

export type SetUpResult =
  { readonly state: 'made' | 'there' } | { readonly state: 'refused'; readonly why: string; readonly fix?: string };

/** Makes one thing, or finds it made. Names of buckets are the whole world's: one that is there may be anybody's. */
export async function setUp(step: SetUpStep, google: CallGoogle): Promise<SetUpResult> {
  const { what, location, call, look, looksFirst = false } = step;
  if (looksFirst) {
    const found = await google(look);
    if (found.status === 200) return { state: 'there' };
    if (found.status !== 404) return { state: 'refused', why: refusalOf(found) };
  }
  const answer = await google(call);
  if (answer.status < 300) return isUnfinished(answer) ? UNFINISHED : { state: 'made' };
  if (answer.status !== 409) return { state: 'refused', why: refusalOf(answer) };
  const found = await google(look);
  if (found.status !== 200) {
    return {
      state: 'refused',
      why: `the name is taken, and what has it is not yours: ${refusalOf(found)}`,
      fix: 'Choose another name.',
    };
  }
  const { location: there = location } = found.body as { readonly location?: string };
  if (there.toLowerCase() === location.toLowerCase()) return { state: 'there' };
  return {
    state: 'refused',
    why: `it is there already, in ${there}, for good`,
    fix: `Name --location ${there}, or choose another name for the ${what.split(' ')[0]}.`,
  };
}

function isUnfinished({ body }: GoogleAnswer): boolean {
  return (body as { readonly jobComplete?: boolean } | null)?.jobComplete === false;
}

const UNFINISHED: SetUpResult = {
  state: 'refused',
  why: 'BigQuery has not finished it yet',
  fix: 'Type the same again.',
};
