import type { CallGoogle, GoogleAnswer, GoogleCall } from './google-call.ts';
import { refusalOf } from './google-call.ts';

interface TearDownInput {
  readonly project: string;
  readonly dataset: string;
  /** Tables of results to remove as well, by their whole names. */
  readonly results: readonly string[];
  /** Of BigQuery. */
  readonly endpoint: string;
  readonly call: CallGoogle;
}

/** What a tear-down removes, and how. */
export interface TearDownPlan {
  readonly removed: readonly { readonly table: string; readonly call: GoogleCall }[];
  /** Tables of ours that stay, because they hold what runs have found. */
  readonly kept: readonly string[];
  /** Names that were typed and are no tables of results here. */
  readonly unknown: readonly string[];
}

/** Names of tables that only runs under way need. */
const PASSING = /^sightline_(manifest|staging)_/;
const OURS = /^sightline_/;

/** Looks what is there; throws when Google does not say. */
export async function planTearDown(input: TearDownInput): Promise<TearDownPlan> {
  const { results } = input;
  const names = await listTables(input);
  const ours = names.filter((name) => OURS.test(name));
  const goes = ours.filter((name) => PASSING.test(name) || results.includes(name));
  return {
    removed: goes.map((table) => ({ table, call: { method: 'DELETE', url: `${tablesUrl(input)}/${table}` } })),
    kept: ours.filter((name) => !goes.includes(name)),
    unknown: results.filter((name) => !ours.includes(name)),
  };
}

async function listTables(input: TearDownInput): Promise<readonly string[]> {
  const names: string[] = [];
  let pageToken: string | undefined;
  do {
    const page = pageToken === undefined ? '' : `&pageToken=${encodeURIComponent(pageToken)}`;
    const answer = await input.call({ method: 'GET', url: `${tablesUrl(input)}?maxResults=1000${page}` });
    if (answer.status !== 200) throw new TearDownRefused(refusalOf(answer));
    const body = bodyOf(answer);
    names.push(...(body.tables ?? []).map(({ tableReference }) => tableReference.tableId));
    pageToken = body.nextPageToken;
  } while (pageToken !== undefined);
  return names;
}

/** Google did not let us look. */
export class TearDownRefused extends Error {
  override name = 'TearDownRefused';
}

function tablesUrl({ endpoint, project, dataset }: TearDownInput): string {
  return `${endpoint}/bigquery/v2/projects/${project}/datasets/${dataset}/tables`;
}

interface TableList {
  readonly tables?: readonly { readonly tableReference: { readonly tableId: string } }[];
  readonly nextPageToken?: string;
}

function bodyOf({ body }: GoogleAnswer): TableList {
  return body as TableList;
}
