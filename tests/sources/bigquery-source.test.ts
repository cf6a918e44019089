import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BigQuerySpec } from '../../contracts/source.ts';
import { openGoogle } from '../../google/open-google.ts';
import { createBigQuerySource } from '../../sources/bigquery-source.ts';
import { startWebServer, type WebServer } from '../support/web-server.ts';
import { readAll } from '../suites/asset-source.suite.ts';

const PATH = 'bq://my-project.photos.poles';

/** What the server answers: the table, then jobs in turn, the last again and again; then pages of rows. */
interface Played {
  readonly table?: Answer;
  readonly jobs?: readonly Answer[];
  readonly pages?: readonly object[];
  /** Pages from this row on come without rows. */
  readonly silentFrom?: number;
  /** So often the query is still running when it is asked for rows. */
  readonly unfinished?: number;
}

interface Answer {
  readonly status?: number;
  readonly body?: object;
}

let server: WebServer;
let played: Played = {};
let posted: string[] = [];
const asked = (): readonly string[] => server.asked.filter((path) => path.includes('/queries/'));

const TABLE: Answer = {
  body: {
    type: 'TABLE',
    schema: {
      fields: [
        { name: 'id', type: 'STRING' },
        { name: 'photo', type: 'STRING' },
      ],
    },
  },
};
const rowOf = (...cells: readonly (string | null)[]) => ({ f: cells.map((v) => ({ v })) });
const refusal = (status: number, reason: string, message: string): Answer => ({
  status,
  body: { error: { code: status, message, errors: [{ reason, message, domain: 'global' }] } },
});
/** A job that ran and failed is answered with 200. */
const failedJob = (reason: string, message: string): Answer => ({
  body: { ...jobOf(0), status: { state: 'DONE', errorResult: { reason, message }, errors: [{ reason, message }] } },
});
function jobOf(bytes: number) {
  return {
    jobReference: { projectId: 'my-project', jobId: 'job-1', location: 'US' },
    status: { state: 'DONE' },
    statistics: {
      creationTime: '1780000000000',
      totalBytesProcessed: String(bytes),
      query: { schema: (TABLE.body as { schema: object }).schema },
    },
  };
}

beforeAll(async () => {
  server = await startWebServer({}, (request, response) => {
    void answer(request, response);
  });
});
afterAll(async () => server[Symbol.asyncDispose]());
beforeEach(() => {
  played = {};
  posted = [];
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status = 200, body = {} } = await answerTo(request);
  if (status === 0) response.destroy();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function answerTo(request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '', 'http://any');
  if (request.method === 'POST') {
    posted.push(await text(request));
    const jobs = played.jobs ?? [];
    return jobs[Math.min(posted.length, jobs.length) - 1] ?? { body: jobOf(0) };
  }
  if (url.pathname.includes('/queries/') && asked().length <= (played.unfinished ?? 0)) {
    return { body: { jobComplete: false, jobReference: jobOf(0).jobReference } };
  }
  if (url.pathname.includes('/queries/')) {
    const all = played.pages ?? [];
    const start = Number(url.searchParams.get('startIndex'));
    if (start >= (played.silentFrom ?? Infinity))
      return { body: { jobComplete: true, totalRows: String(all.length), ...schemaAnd([]) } };
    // Two rows at most, whatever is asked for.
    return { body: { jobComplete: true, totalRows: String(all.length), ...schemaAnd(all.slice(start, start + 2)) } };
  }
  if (url.pathname.endsWith('/data')) return { body: { totalRows: '1', rows: (played.pages ?? []).slice(0, 200) } };
  return played.table ?? TABLE;
}

function schemaAnd(rows: readonly object[]) {
  return { schema: (TABLE.body as { schema: object }).schema, ...(rows.length > 0 && { rows }) };
}

const source = () => createBigQuerySource(openGoogle({ bigQueryEndpoint: server.origin }).bigQuery);

async function messageOf(spec: Partial<BigQuerySpec> = {}): Promise<string> {
  const result = await source().describe({ kind: 'bigquery', path: PATH, ...spec });
  return result.ok ? 'fine' : `${result.failure.name}: ${result.failure.message}`;
}

describe('a table of BigQuery', () => {
  it('is read by the numbers of its rows, and short pages are continued', async () => {
    played = { pages: ['a', 'b', 'c', 'd', 'e'].map((id) => rowOf(id, `gs://pics/${id}.jpg`)) };
    const { assets } = await readAll(source(), { kind: 'bigquery', path: PATH });
    expect(assets.map(({ assetId }) => assetId)).toEqual(['a', 'b', 'c', 'd', 'e']);
    const starts = asked().map((path) => new URL(path, 'http://any').searchParams);
    expect(starts.map((each) => each.get('startIndex'))).toEqual(['0', '2', '4']);
    expect(starts.every((each) => !each.has('pageToken'))).toBe(true);
  });

  it('is never read in part: a page without rows before the last one can be asked for again', async () => {
    played = { pages: ['a', 'b', 'c'].map((id) => rowOf(id, `gs://pics/${id}.jpg`)), silentFrom: 2 };
    await expect(readAll(source(), { kind: 'bigquery', path: PATH })).rejects.toMatchObject({
      failure: 'SourceUnavailable',
      message: `${PATH} cannot be read just now (2 of 3 rows came)`,
    });
  });

  it('that goes away by itself is described with its end, and one that stays without', async () => {
    const endsMs = Date.parse('2026-12-01T00:00:00Z');
    played = { pages: [rowOf('a', 'gs://pics/a.jpg')] };
    const endOf = async () => {
      const described = await source().describe({ kind: 'bigquery', path: PATH });
      return described.ok ? (described.value.endsAt ?? 'stays') : described.failure.message;
    };
    expect(await endOf()).toBe('stays');
    played = { ...played, table: { body: { ...TABLE.body, expirationTime: String(endsMs) } } };
    expect(await endOf()).toBe('2026-12-01T00:00:00.000Z');
    expect(await source().endsAt?.({ kind: 'bigquery', path: 'bq://my-project', query: 'SELECT 1' })).toBeNull();
  });

  it('waits for a query that takes its time', async () => {
    const before = asked().length;
    played = { pages: [rowOf('a', 'gs://pics/a.jpg')], unfinished: before + 2 };
    const { assets } = await readAll(source(), { kind: 'bigquery', path: PATH });
    expect(assets).toHaveLength(1);
    expect(asked()).toHaveLength(before + 3);
  });

  it('is read by jobs of the project that pays, a query by those of its own', async () => {
    played = { pages: [rowOf('a', 'gs://pics/a.jpg')] };
    const paid = createBigQuerySource(openGoogle({ bigQueryEndpoint: server.origin }).bigQuery, 'payer');
    const projectsAsked = async (spec: Partial<BigQuerySpec>): Promise<readonly string[]> => {
      const before = server.asked.length;
      await paid.describe({ kind: 'bigquery', path: PATH, ...spec });
      const jobs = server.asked.slice(before).filter((path) => /\/(jobs|queries)/.test(path));
      return [...new Set(jobs.map((path) => path.split('/')[4] ?? ''))];
    };
    expect(await projectsAsked({})).toEqual(['payer']);
    expect(await projectsAsked({ path: 'bq://other-project', query: 'SELECT 1' })).toEqual(['other-project']);
  });

  it.each(['', '  \n'])('is no query that is empty: %j', async (query) => {
    expect(await messageOf({ path: 'bq://my-project', query })).toBe(
      'InvalidRequest: bq://my-project: the query is empty; write a SELECT',
    );
  });

  it('is refused with a column whose values its client loses, and how to rename it', async () => {
    const fields = ['id', 'photo', '__proto__'].map((name) => ({ name, type: 'STRING' }));
    played = { pages: [rowOf('a', 'gs://pics/a.jpg', 'oak')], table: { body: { ...TABLE.body, schema: { fields } } } };
    expect(await messageOf()).toMatch(
      /^InvalidRequest: .*poles has a column __proto__, which cannot be read; take a query .*: SELECT \* EXCEPT\(`__proto__`\), /,
    );
  });

  it('never runs a query without a cap, by default 100 GB, or the one that is named', async () => {
    played = { pages: [rowOf('a', 'gs://pics/a.jpg')] };
    const caps = () =>
      posted
        .map((body) => JSON.parse(body).configuration)
        .filter(({ dryRun }: { dryRun?: boolean }) => dryRun !== true)
        .map(({ query }: { query: { maximumBytesBilled?: string } }) => query.maximumBytesBilled);
    await messageOf();
    expect(caps()).toEqual(['100000000000']);
    posted = [];
    await messageOf({ maximumBytesBilled: 5_000_000 });
    expect(caps()).toEqual(['5000000']);
  });

  it('is pinned to the time at BigQuery; a view has no past', async () => {
    expect(await settledAsOf()).toBe('2026-05-28T20:26:40.000Z');
    played = { ...played, table: { body: { ...TABLE.body, type: 'VIEW' } } };
    expect(await settledAsOf()).toBeUndefined();
  });

  it('is read as it is now where its past may not be read', async () => {
    const jobs = [
      { body: jobOf(0) },
      refusal(400, 'invalid', 'Table does not support time travel'),
      { body: jobOf(0) },
    ];
    played = { jobs };
    expect(await settledAsOf()).toBeUndefined();
  });

  async function settledAsOf(): Promise<string | undefined> {
    played = { ...played, pages: [rowOf('a', 'gs://pics/a.jpg')] };
    return (await source().settle({ kind: 'bigquery', path: PATH })).asOf;
  }

  it('tells what a reading takes', async () => {
    played = { pages: [rowOf('a', 'gs://pics/a.jpg')], jobs: [{ body: jobOf(2 ** 40 / 10) }] };
    const described = await source().describe({ kind: 'bigquery', path: PATH, maximumBytesBilled: 2 ** 41 });
    expect(described).toMatchObject({ value: { reading: { bytes: 2 ** 40 / 10, costUsd: 0.625 } } });
  });

  it('finds relative images where its base says', async () => {
    played = { pages: [rowOf('a', 'x/a.jpg')] };
    const { assets } = await readAll(source(), {
      kind: 'bigquery',
      path: PATH,
      base: 'gs://pics/',
      map: { image: 'photo' },
    });
    expect(assets[0]?.images).toEqual([{ uri: 'gs://pics/x/a.jpg' }]);
  });

  it.each<[Played, RegExp]>([
    [
      { table: refusal(404, 'notFound', 'Not found: Table my-project:photos.poles') },
      /^InvalidRequest: bq:\/\/my-project\.photos\.poles does not exist: Not found: Table .*; check its name$/,
    ],
    [
      { table: refusal(404, 'notFound', 'Not found: Dataset my-project:photos') },
      /^InvalidRequest: .* does not exist: Not found: Dataset my-project:photos; check its name$/,
    ],
    [
      {
        table: refusal(
          403,
          'accessDenied',
          'Access Denied: Table my-project:photos.poles: Permission bigquery.tables.get denied',
        ),
      },
      /^InvalidRequest: .* may not be read: Access Denied: .*; this needs bigquery\.jobs\.create in my-project \(roles\/bigquery\.jobUser\) and/,
    ],
    [
      { jobs: [refusal(400, 'invalidQuery', 'Unrecognized name: nope; Did you mean name? at [3:14]')] },
      /^InvalidRequest: .*: the query cannot be run: Unrecognized name: nope; Did you mean name\? at \[3:14\]$/,
    ],
    [
      { jobs: [refusal(404, 'notFound', 'Not found: Dataset my-project:photos was not found in location EU')] },
      /^InvalidRequest: .* not found in location EU; leave "location" out, or name the one where the data is$/,
    ],
    [
      { jobs: [{ body: jobOf(100_000_000_001) }] },
      /^InvalidRequest: .* would read 100,000,000,001 bytes, more than the 100,000,000,000 that are allowed; set filters, or/,
    ],
    [
      {
        jobs: [
          { body: jobOf(0) },
          failedJob(
            'bytesBilledLimitExceeded',
            'Query exceeded limit for bytes billed: 5. 20971520 or higher required.',
          ),
        ],
        pages: [rowOf('a', 'gs://a/b')],
      },
      /^InvalidRequest: .* would read more than 100,000,000,000 bytes: Query exceeded limit .*; set filters, or raise "maximum/,
    ],
    [
      { jobs: [refusal(400, 'invalid', 'Invalid value for: asOf')] },
      /^InvalidRequest: .* cannot be read: Invalid value for: asOf$/,
    ],
    [
      { table: refusal(401, 'authError', 'Request had invalid authentication credentials.') },
      /^InvalidRequest: .* without credentials that are accepted; run gcloud auth/,
    ],
    [
      { table: refusal(403, 'rateLimitExceeded', 'Exceeded rate limits') },
      /^SourceUnavailable: .* just now \(rateLimitExceeded\)$/,
    ],
    [{ jobs: [refusal(403, 'quotaExceeded', 'Quota exceeded')] }, /^SourceUnavailable: .* just now \(quotaExceeded\)$/],
    [
      { table: refusal(503, 'backendError', 'try again') },
      /^SourceUnavailable: .* cannot be read just now \(backendError\)$/,
    ],
    [{ table: { status: 502 } }, /^SourceUnavailable: .* cannot be read just now \(502\)$/],
    [{ jobs: [{ status: 0 }] }, /^SourceUnavailable: .* cannot be read just now \((ECONNRESET|cut off)\)$/],
    [{ pages: [] }, /^InvalidRequest: bq:\/\/my-project\.photos\.poles has no rows; add a row per asset$/],
  ])('that cannot be used is told in one sentence %#', async (answers, message) => {
    played = answers;
    expect(await messageOf()).toMatch(message);
  });

  it.each<[Partial<BigQuerySpec>, RegExp]>([
    [{ path: 'bq://my-project' }, /^InvalidRequest: bq:\/\/my-project is a project; name a table, .*, or a query$/],
    [{ path: 'bq://my-project.photos' }, /^InvalidRequest: .* names no table; write bq:\/\/PROJECT\.DATASET\.TABLE/],
    [{ path: 'bq://a.b.c`; DROP' }, /^InvalidRequest: .* names no table/],
    [
      { query: 'SELECT 1' },
      /^InvalidRequest: .* is a table, and there is a query; with a query name the project only$/,
    ],
    [
      { grouping: 'observations' },
      /^InvalidRequest: .* has no observations to group: it lacks snapshot_id, asset_id, .* Its columns: id, photo$/,
    ],
    [{ filters: { assetClass: 'x' } }, /^InvalidRequest: .* only those take "filters"; choose rows with a query$/],
    [{ imagesPerAsset: 3 }, /^InvalidRequest: .* only those take "imagesPerAsset"; choose rows with a query$/],
    [
      { map: { id: 'ref' } },
      /^InvalidRequest: .* has no column "ref", which "map" names for id\. Its columns: id, photo$/,
    ],
  ])('that is asked for wrongly is refused: %j', async (spec, message) => {
    played = { pages: [rowOf('a', 'gs://pics/a.jpg')] };
    expect(await messageOf(spec)).toMatch(message);
  });

  it('is worth another try where no server answers', async () => {
    const away = createBigQuerySource(openGoogle({ bigQueryEndpoint: 'http://127.0.0.1:9' }).bigQuery);
    expect(await away.describe({ kind: 'bigquery', path: PATH })).toMatchObject({
      failure: { name: 'SourceUnavailable' },
    });
  });
});
