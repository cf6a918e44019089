import { tryLocations, tryPrice, tryRepeatedJob, tryViews } from './try-bigquery.ts';
import { tryExpiry, tryLoads, tryRows } from './try-tables.ts';
import { tryAnswer, tryKey, tryUnknownModel, tryVertexAiClient } from './try-gemini.ts';
import { tryGcloud, trySignIn, tryTearDown } from './try-gcloud.ts';
import { tryFreezing, tryPaging, trySource } from './try-source.ts';
import type { SmokeBench } from './smoke-bench.ts';

/** Something that has never been run against Google itself. */
export interface Untried {
  readonly name: string;
  /** For the page on running there, Markdown. */
  readonly text: string;
  /** Tries it and says what was seen, in a sentence; throws what went wrong, or `NotTried`. A text says why it is not tried. */
  readonly attempt: ((bench: SmokeBench) => Promise<string>) | string;
}

const OUR_IDEA =
  'the stand-in follows [our reading of the documentation](../../fake-google/bigquery/bqemulator_fidelity.py), so what rests on it tests our idea of BigQuery';

/** In the order in which they are tried: what comes later works in the dataset and the bucket that `gcloud` has made. */
export const UNTRIED: readonly Untried[] = [
  {
    name: 'sign-in',
    text: 'Signing in: application-default credentials, service accounts, quota projects.',
    attempt: trySignIn,
  },
  {
    name: 'gcloud',
    text: "`gcloud setup` and `check`: calls and answers are from Google's documentation. That a permission is asked for does not prove that it is enough.",
    attempt: tryGcloud,
  },
  { name: 'price', text: 'BigQuery: bytes billed, and their cap.', attempt: tryPrice },
  { name: 'locations', text: "BigQuery: locations other than the dataset's.", attempt: tryLocations },
  { name: 'job ids', text: `BigQuery: what a repeated job id is answered; ${OUR_IDEA}.`, attempt: tryRepeatedJob },
  {
    name: 'expiry',
    text: 'BigQuery: expiry and labels of tables, set by a statement, by a call, and later again.',
    attempt: tryExpiry,
  },
  {
    name: 'rows',
    text: `BigQuery: how long a new table is not found by Storage Write, and what a second commit is answered; ${OUR_IDEA}.`,
    attempt: tryRows,
  },
  {
    name: 'views',
    text: "BigQuery's own reading of views and statements: bqemulator has another engine under the same words.",
    attempt: tryViews,
  },
  {
    name: 'source',
    text: "Observations of street imagery: BigQuery's own reading of the statements that make assets of them, and of those over the tables of snapshots and assets.",
    attempt: trySource,
  },
  {
    name: 'freezing',
    text: 'The list of assets: `CREATE TABLE ... OPTIONS(...) AS` over those statements, and what is left out beside it.',
    attempt: tryFreezing,
  },
  {
    name: 'paging',
    text: 'Pages of that list by the place of their rows (`tabledata.list`), and whether rows lie as they were written.',
    attempt: tryPaging,
  },
  {
    name: 'load jobs',
    text: 'Load jobs in place of Storage Write: objects that are written once, and how long a load and a merge take. That a project which does not permit streams says PERMISSION_DENIED is not tried.',
    attempt: tryLoads,
  },
  {
    name: 'answers',
    text: 'Gemini: what it sees, its numbers of tokens, and the right of Vertex AI to read the bucket.',
    attempt: tryAnswer,
  },
  {
    name: 'vertexai client',
    text: 'The same through `@google-cloud/vertexai`.',
    attempt: tryVertexAiClient,
  },
  {
    name: 'API key',
    text: 'The same by a key, with the picture sent along; skipped where `GEMINI_API_KEY` is not set.',
    attempt: tryKey,
  },
  { name: 'unknown model', text: 'Gemini: its wording of errors.', attempt: tryUnknownModel },
  {
    name: 'teardown',
    text: '`gcloud teardown`, carried out over all that was made until here.',
    attempt: tryTearDown,
  },
  {
    name: 'quotas',
    text: 'Quotas of BigQuery and Gemini, and the rates that `global` and regions allow.',
    attempt: 'Using a quota up costs more than a few cents.',
  },
];

export const EXPECTED_COST =
  'a few calls to Gemini about one small picture, some queries over tables of a few rows, and a bucket with one picture for a minute: a few cents';
