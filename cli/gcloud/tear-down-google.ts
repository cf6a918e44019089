import { isOfAllRuns, isPassing } from '../../stores/bigquery/own-tables.ts';
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
  readonly endpoints: Pick<GoogleEndpoints, 'bigquery' | 'storage'>;
  readonly call: CallGoogle;
}

/** What a tear-down removes, and how. */
export interface TearDownPlan {
  readonly removed: readonly Removal[];
  /** Tables of ours that stay, because they hold what runs have found. */
  readonly kept: readonly string[];
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
  const { results } = input;
  const names = await listTables(input);
  const ours = names.filter((name) => OURS.test(name));
  const goes = ours.filter((name) => isPassing(name) || (results.includes(name) && !isOfAllRuns(name)));
  return {
    removed: [
      ...goes.map((name): Removal => ({ name, call: { method: 'DELETE', url: `${tablesUrl(input)}/${name}` } })),
      ...(input.bucket === undefined ? [] : await planObjects(input, input.bucket)),
    ],
    kept: ours.filter((name) => !goes.includes(name)),
    unknown: results.filter((name) => !ours.includes(name)),
    refused: results.filter(isOfAllRuns),
  };
}

async function listTables(input: TearDownInput): Promise<readonly string[]> {
  const pages = await readPages<TableList>(input.call, `${tablesUrl(input)}?maxResults=1000`);
  return pages.flatMap(({ tables = [] }) => tables.map(({ tableReference }) => tableReference.tableId));
}

/** Everything that runs into the dataset have left in the bucket. */
async function planObjects(
  { project, dataset, endpoints, call }: TearDownInput,
  bucket: string,
): Promise<readonly Removal[]> {
  const url = `${endpoints.storage}/storage/v1/b/${bucket}/o`;
  const pages = await readPages<ObjectList>(
    call,
    `${url}?prefix=${encodeURIComponent(`sightline/${project}.${dataset}/`)}`,
  );
  return pages
    .flatMap(({ items = [] }) => items)
    .map(({ name }): Removal => ({
      name: `gs://${bucket}/${name}`,
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
  return `${endpoints.bigquery}/bigquery/v2/projects/${project}/datasets/${dataset}/tables`;
}

interface TableList {
  readonly tables?: readonly { readonly tableReference: { readonly tableId: string } }[];
  readonly nextPageToken?: string;
}

interface ObjectList {
  readonly items?: readonly { readonly name: string }[];
  readonly nextPageToken?: string;
}
