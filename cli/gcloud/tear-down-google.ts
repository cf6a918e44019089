import { loadFolder } from '../../contracts/load-folder.ts';
import { isOfAllRuns, isPassing, keyOfPassing } from '../../stores/bigquery/own-tables.ts';
import { mayBeOfRun } from '../../stores/run-place.ts';
import type { CallGoogle, GoogleCall } from './google-call.ts';
import type { GoogleEndpoints } from './google-endpoints.ts';
import { refusalOf } from './google-call.ts';

interface TearDownInput {
  readonly project: string;
  readonly dataset: string;
  /** Tables of results to remove as well, by their whole names. */
  readonly results: readonly string[];
  /** Where rows of this dataset waited to be loaded, by name. */
  readonly bucket?: string;
  /** Ids of runs whose tables and objects are left alone. */
  readonly underWay: readonly string[];
  /** The same of runs that may have been lost. */
  readonly unended?: readonly string[];
  /** Rows too that are paid for and were never loaded. */
  readonly all: boolean;
  readonly endpoints: Pick<GoogleEndpoints, 'bigquery' | 'storage'>;
  readonly call: CallGoogle;
}

/** What a tear-down removes, and how. */
export interface TearDownPlan {
  readonly removed: readonly Removal[];
  /** Tables of ours that stay, because they hold what runs have found. */
  readonly kept: readonly string[];
  /** Ids of the runs whose tables or objects were left alone. */
  readonly underWay: readonly string[];
  /** The same of runs that may have been lost. */
  readonly unended: readonly string[];
  /** Folders of the bucket that stay, because they hold rows that no table has. */
  readonly unloaded: readonly string[];
  /** Names that were typed and are no tables of results here. */
  readonly unknown: readonly string[];
  /** Names that were typed and are tables of ours that hold no results. */
  readonly refused: readonly string[];
}

/** A table by its name, or an object by its address. */
export interface Removal {
  readonly name: string;
  readonly call: GoogleCall;
}

const OURS = /^sightline_/;

/** Looks what is there; throws when Google does not say. */
export async function planTearDown(input: TearDownInput): Promise<TearDownPlan> {
  const { results, underWay, unended = [] } = input;
  const names = await listTables(input);
  const ours = names.filter((name) => OURS.test(name));
  const tables = ours
    .filter(isPassing)
    .map((name): Passing => ({ name, key: keyOfPassing(name), call: removalOf(input, name) }));
  const objects = input.bucket === undefined ? [] : await listObjects(input, input.bucket);
  const passing = [...tables, ...objects];
  const spared = (runIds: readonly string[]) =>
    runIds.filter((runId) => passing.some(({ key }) => mayBeOfRun(key, runId)));
  const needed = [...underWay, ...unended];
  const ended = passing.filter(({ key }) => !needed.some((runId) => mayBeOfRun(key, runId)));
  const unloaded = input.all ? new Set<string>() : new Set(ended.filter(isPart).map(folderOf));
  const typed = ours.filter((name) => !isPassing(name) && results.includes(name) && !isOfAllRuns(name));
  return {
    removed: [
      ...ended.filter((found) => !unloaded.has(folderOf(found))),
      ...typed.map((name) => ({ name, call: removalOf(input, name) })),
    ].map(({ name, call }) => ({ name, call })),
    kept: ours.filter((name) => !isPassing(name) && !typed.includes(name)),
    underWay: spared(underWay),
    unended: spared(unended.filter((runId) => !underWay.includes(runId))),
    unloaded: [...unloaded],
    unknown: results.filter((name) => !ours.includes(name)),
    refused: results.filter(isOfAllRuns),
  };
}

/** What a run needs while it is under way. */
interface Passing extends Removal {
  /** Key of the run's place, with `_` for `-` and more behind it where it is a table. */
  readonly key: string;
}

/** Parts are removed when a table has their rows. */
function isPart({ name }: Passing): boolean {
  return /^gs:\/\/.*\/parts\/shard-/.test(name);
}

/** `gs://bucket/sightline/<project>.<dataset>/<key>`; a table is alone. */
function folderOf({ name }: Passing): string {
  return name.split('/', 6).join('/');
}

function removalOf(input: TearDownInput, table: string): GoogleCall {
  return { method: 'DELETE', url: `${tablesUrl(input)}/${encodeURIComponent(table)}` };
}

async function listTables(input: TearDownInput): Promise<readonly string[]> {
  const pages = await readPages<TableList>(input.call, `${tablesUrl(input)}?maxResults=1000`);
  return pages.flatMap(({ tables = [] }) => tables.map(({ tableReference }) => tableReference.tableId));
}

/** Everything that runs into the dataset have left in the bucket. */
async function listObjects(
  { project, dataset, endpoints, call }: TearDownInput,
  bucket: string,
): Promise<readonly Passing[]> {
  const url = `${endpoints.storage}/storage/v1/b/${encodeURIComponent(bucket)}/o`;
  const pages = await readPages<ObjectList>(
    call,
    `${url}?prefix=${encodeURIComponent(loadFolder({ project, dataset }, ''))}`,
  );
  return pages
    .flatMap(({ items = [] }) => items)
    .map(({ name }) => ({
      name: `gs://${bucket}/${name}`,
      key: name.split('/')[2] ?? '',
      call: { method: 'DELETE', url: `${url}/${encodeURIComponent(name)}` },
    }));
}

async function readPages<Page extends { readonly nextPageToken?: string }>(
  call: CallGoogle,
  url: string,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let pageToken: string | undefined;
  do {
    const page = pageToken === undefined ? '' : `&pageToken=${encodeURIComponent(pageToken)}`;
    const answer = await call({ method: 'GET', url: url + page });
    if (answer.status !== 200) throw new TearDownRefused(refusalOf(answer));
    const body = answer.body as Page;
    pages.push(body);
    pageToken = body.nextPageToken;
  } while (pageToken !== undefined);
  return pages;
}

/** Google did not let us look. */
export class TearDownRefused extends Error {
  override name = 'TearDownRefused';
}

function tablesUrl({ endpoints, project, dataset }: TearDownInput): string {
  const [ofProject, ofDataset] = [project, dataset].map(encodeURIComponent);
  return `${endpoints.bigquery}/bigquery/v2/projects/${ofProject}/datasets/${ofDataset}/tables`;
}

interface TableList {
  readonly tables?: readonly { readonly tableReference: { readonly tableId: string } }[];
  readonly nextPageToken?: string;
}

interface ObjectList {
  readonly items?: readonly { readonly name: string }[];
  readonly nextPageToken?: string;
}
