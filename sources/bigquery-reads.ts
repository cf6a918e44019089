import type { BigQuery, Job, TableMetadata } from '@google-cloud/bigquery';
import type { BigQuerySpec } from '../contracts/source.ts';
import type { BigQueryRow } from './bigquery-entries.ts';
import { bigQueryErrorOf } from './bigquery-error-of.ts';
import { parseBigQueryPath } from './parse-bigquery-path.ts';
import { SourceError } from './ports.ts';

/** The few ways in which a source asks BigQuery. Everything throws `SourceError`. */
export interface BigQueryReads {
  look(spec: BigQuerySpec): Promise<Looked>;
  /** Refuses queries that cannot be run or would read too much, without running them; the time at BigQuery, ISO 8601. */
  check(spec: BigQuerySpec, queries: readonly string[]): Promise<string>;
  /** Bytes that queries would read, together. */
  bytesOf(spec: BigQuerySpec, queries: readonly string[]): Promise<number>;
  /** The first rows: of a table, or of what the query gives. */
  first(spec: BigQuerySpec, query: string): Promise<readonly BigQueryRow[]>;
  /** Runs a query and gives its rows in their order, many at once. */
  rows(spec: BigQuerySpec, query: string): AsyncIterable<readonly BigQueryRow[]>;
}

interface Looked {
  readonly columns: readonly string[];
  /** Whether the table can be read as it was at a time. */
  readonly canTravel: boolean;
  /** When the table goes away by itself, ISO 8601; null: it stays, or it is a query. */
  readonly endsAt: string | null;
}

export const MAXIMUM_BYTES_BILLED = 100_000_000_000;
const SAMPLE_ROWS = 200;
const PAGE_ROWS = 5_000;
/** Read beside their tables: what is not a table itself has no past. */
const TRAVELLING: ReadonlySet<string> = new Set(['TABLE', 'SNAPSHOT']);

/** Jobs that read a table run in `jobsProject` where one is named, and else in that of the table; queries where they say. */
export function createBigQueryReads(open: (project: string) => Promise<BigQuery>, jobsProject: string): BigQueryReads {
  return {
    async look(spec) {
      const { table } = parseBigQueryPath(spec.path);
      if (table === undefined) {
        const { columns } = await dryRun(spec, spec.query ?? '');
        return { columns, canTravel: false, endsAt: null };
      }
      return asking(spec, async (client) => {
        const [metadata] = (await tableIn(client, table).getMetadata()) as unknown as [TableMetadata];
        const { schema, type = '', expirationTime } = metadata;
        const endsAt = expirationTime === undefined ? null : new Date(Number(expirationTime)).toISOString();
        return { columns: namesOf(schema), canTravel: TRAVELLING.has(type), endsAt };
      });
    },
    async check(spec, queries) {
      let now = '';
      for (const query of queries) {
        const { bytes, at } = await dryRun(spec, query);
        now = at;
        checkCap(spec, bytes);
      }
      return now;
    },
    async bytesOf(spec, queries) {
      let sum = 0;
      for (const query of queries) sum += (await dryRun(spec, query)).bytes;
      return sum;
    },
    async first(spec, query) {
      const { table } = parseBigQueryPath(spec.path);
      if (table !== undefined) {
        const rows = await asking(spec, async (client) => listed(client, table)).catch((error: unknown) => {
          // A view has no rows of its own to list.
          if (error instanceof SourceError && error.failure === 'InvalidRequest') return null;
          throw error;
        });
        if (rows !== null) return rows;
      }
      for await (const rows of run(spec, `SELECT * FROM (\n${query}\n) LIMIT ${SAMPLE_ROWS}`)) return rows;
      return [];
    },
    rows: run,
  };

  async function asking<T>(spec: BigQuerySpec, ask: (client: BigQuery) => Promise<T>): Promise<T> {
    const { table, project: named } = parseBigQueryPath(spec.path);
    const project = table === undefined || jobsProject === '' ? named : jobsProject;
    try {
      return await ask(await open(project));
    } catch (error) {
      throw bigQueryErrorOf({ path: spec.path, project, maximumBytesBilled: capOf(spec) }, error);
    }
  }

  function dryRun(spec: BigQuerySpec, query: string): Promise<DryRun> {
    return asking(spec, async (client) => {
      const [job] = await client.createQueryJob({ query, dryRun: true, ...locationOf(spec) });
      const { statistics } = job.metadata as DryRunMetadata;
      return {
        columns: namesOf(statistics?.query?.schema),
        bytes: Number(statistics?.totalBytesProcessed ?? statistics?.query?.totalBytesProcessed ?? 0),
        at: new Date(Number(statistics?.creationTime ?? Date.now())).toISOString(),
      };
    });
  }

  /** The result of a query is a table that does not change: it is read by the numbers of its rows. */
  async function* run(spec: BigQuerySpec, query: string): AsyncIterable<readonly BigQueryRow[]> {
    const job = await asking(spec, async (client) => {
      const cap = { maximumBytesBilled: String(capOf(spec)) };
      const [started] = await client.createQueryJob({ query, ...cap, ...locationOf(spec) });
      return started;
    });
    for (let start = 0; ;) {
      const { rows, total } = await asking(spec, () => page(job, start));
      if (rows.length > 0) yield rows;
      start += rows.length;
      if (start >= total) return;
      if (rows.length === 0) throw incomplete(spec, start, total);
    }
  }
}

/** Bytes that one query may read. */
export function capOf({ maximumBytesBilled = MAXIMUM_BYTES_BILLED }: BigQuerySpec): number {
  return maximumBytesBilled;
}

function checkCap(spec: BigQuerySpec, bytes: number): void {
  if (bytes <= capOf(spec)) return;
  const [needed, allowed] = [bytes, capOf(spec)].map((count) => count.toLocaleString('en-US'));
  throw new SourceError(
    'InvalidRequest',
    `${spec.path} would read ${needed} bytes, more than the ${allowed} that are allowed; set filters, or raise "maximumBytesBilled"`,
  );
}

function incomplete({ path }: BigQuerySpec, found: number, total: number): SourceError {
  return new SourceError('SourceUnavailable', `${path} cannot be read just now (${found} of ${total} rows came)`);
}

function locationOf({ location }: BigQuerySpec): { readonly location?: string } {
  return location === undefined ? {} : { location };
}

/** Pages may be shorter than asked for. */
async function page(
  job: Job,
  start: number,
): Promise<{ readonly rows: readonly BigQueryRow[]; readonly total: number }> {
  const options = { startIndex: String(start), maxResults: PAGE_ROWS, autoPaginate: false, wrapIntegers: true };
  const [rows, , answer] = await job.getQueryResults(options);
  // The server waits some seconds for the query, then it is asked again.
  if (answer?.jobComplete === false) return page(job, start);
  return { rows: rows as readonly BigQueryRow[], total: Number(answer?.totalRows ?? 0) };
}

async function listed(client: BigQuery, name: string): Promise<readonly BigQueryRow[]> {
  const options = { maxResults: SAMPLE_ROWS, autoPaginate: false, wrapIntegers: true };
  const [rows] = await tableIn(client, name).getRows(options);
  return rows as readonly BigQueryRow[];
}

function tableIn(client: BigQuery, name: string) {
  const [table = '', dataset = '', ...project] = name.split('.').toReversed();
  return client.dataset(dataset, { projectId: project.toReversed().join('.') }).table(table);
}

interface Schema {
  readonly fields?: readonly { readonly name?: string }[];
}

function namesOf(schema: Schema | string | undefined): readonly string[] {
  const fields = typeof schema === 'object' ? (schema.fields ?? []) : [];
  return fields.flatMap(({ name }) => (name === undefined ? [] : [name]));
}

interface DryRun {
  readonly columns: readonly string[];
  readonly bytes: number;
  readonly at: string;
}

interface DryRunMetadata {
  readonly statistics?: {
    readonly creationTime?: string;
    readonly totalBytesProcessed?: string;
    readonly query?: { readonly totalBytesProcessed?: string; readonly schema?: Schema };
  };
}
