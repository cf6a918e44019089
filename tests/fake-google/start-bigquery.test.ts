import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBigQuery } from '../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../fake-google/start-bigquery.ts';
import { bigQueryClient } from '../support/google-clients.ts';
import { readWithPython } from '../support/read-with-python.ts';

const run = promisify(execFile);

const SCHEMA = [
  { name: 'id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'count', type: 'INTEGER' },
  { name: 'seen', type: 'TIMESTAMP' },
  { name: 'place', type: 'RECORD', fields: [{ name: 'latitude', type: 'FLOAT' }] },
];

describe('the stand-in for BigQuery', () => {
  let folder: string;
  let server: BigQueryServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sightline-test-'));
    server = await startBigQuery({ dataFolder: join(folder, 'data') });
  });

  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  /** A table with `rows` rows of ids `row-0`, `row-1`, ... in the data set `dataset`. */
  async function loadedTable(dataset: string, rows: number) {
    const client = bigQueryClient(server.url);
    await client.createDataset(dataset);
    const [table] = await client.dataset(dataset).createTable('rows', { schema: SCHEMA });
    const file = join(folder, `${dataset}.ndjson`);
    await writeFile(file, Array.from({ length: rows }, (_, row) => JSON.stringify(rowOf(row))).join('\n'));
    const [job] = await table.load(file, { sourceFormat: 'NEWLINE_DELIMITED_JSON' });
    expect(job.status?.errorResult).toBeUndefined();
    return table;
  }

  function rowOf(row: number) {
    return {
      id: `row-${row}`,
      count: row % 2 === 0 ? null : row,
      seen: '2026-01-02T03:04:05.678901Z',
      place: { latitude: 40 + row / 8 },
    };
  }

  test('gives back what was loaded, page by page from a start index', async () => {
    const table = await loadedTable('paged', 25);
    const page = async (startIndex: number) => {
      const [rows] = await table.getRows({ autoPaginate: false, maxResults: 10, startIndex: String(startIndex) });
      return rows as { id: string }[];
    };
    expect((await page(0)).map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, row) => `row-${row}`));
    expect((await page(20)).map(({ id }) => id)).toEqual(['row-20', 'row-21', 'row-22', 'row-23', 'row-24']);
    expect(await page(25)).toEqual([]);
    expect((await page(1))[0]).toMatchObject({ count: 1, place: { latitude: 40.125 } });
  });

  test(
    'refuses a job id a second time, and has not run the job again',
    { tags: ['our-idea-of-bigquery'] },
    async () => {
      const client = bigQueryClient(server.url);
      await loadedTable('repeated', 3);
      const insert = () =>
        client.createJob({
          jobId: 'insert-once',
          configuration: { query: { query: "INSERT INTO repeated.rows (id) VALUES ('more')", useLegacySql: false } },
        });
      const [job] = await insert();
      await job.promise();
      await expect(insert()).rejects.toMatchObject({ code: 409, errors: [{ reason: 'duplicate' }] });
      const [rows] = await client.query('SELECT count(*) AS n FROM repeated.rows');
      expect(rows).toEqual([{ n: 4 }]);
    },
  );

  test('tells apart what is missing from what cannot be read', { tags: ['our-idea-of-bigquery'] }, async () => {
    const client = bigQueryClient(server.url);
    await expect(client.query('SELECT 1 FROM nowhere.nothing')).rejects.toMatchObject({ code: 404 });
    await expect(client.query('SELECT FROM WHERE')).rejects.toMatchObject({ code: 400 });
    await expect(client.dataset('nowhere').table('nothing').getMetadata()).rejects.toMatchObject({ code: 404 });
  });

  test(
    'keeps its rows and its job ids over kill -9, and comes back on the same ports',
    { tags: ['our-idea-of-bigquery'] },
    async () => {
      await loadedTable('kept', 7);
      const once = () => bigQueryClient(server.url).createQueryJob({ jobId: 'before-the-kill', query: 'SELECT 1' });
      await once();
      const { restPort, grpcPort } = server;
      await server.kill();
      server = await startBigQuery({ dataFolder: join(folder, 'data'), restPort, grpcPort });
      expect(server).toMatchObject({ restPort, grpcPort });
      const [rows] = await bigQueryClient(server.url).query('SELECT count(DISTINCT id) AS n FROM kept.rows');
      expect(rows).toEqual([{ n: 7 }]);
      await expect(once()).rejects.toMatchObject({ code: 409 });
    },
  );

  test('shows the same rows to the Python client', async () => {
    await loadedTable('python', 2);
    const rows = await readWithPython(server.url, 'SELECT * FROM python.rows ORDER BY id');
    expect(rows).toEqual([
      { id: 'row-0', count: null, seen: '2026-01-02T03:04:05.678901+00:00', place: { latitude: 40 } },
      { id: 'row-1', count: 1, seen: '2026-01-02T03:04:05.678901+00:00', place: { latitude: 40.125 } },
    ]);
  });
});

test('a server that cannot start says why', async () => {
  await expect(startBigQuery({ dataFolder: '/dev/null/data' })).rejects.toThrow(
    /^The stand-in for BigQuery did not start: it /,
  );
});

test('the server ends when the process that started it is killed', async () => {
  const module = new URL('../../fake-google/start-bigquery.ts', import.meta.url);
  const script = `const { startBigQuery } = await import('${module.href}'); const { pid } = await startBigQuery(); console.log(pid); process.kill(process.pid, 'SIGKILL');`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]).catch(
    (error: unknown) => error as { stdout: string },
  );
  const pid = Number(stdout);
  expect(pid).toBeGreaterThan(1);
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
