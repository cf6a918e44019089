import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { listenOnLoopback, type Listening } from '../../fake-google/listen-on-loopback.ts';
import { openBigQuery } from '../../google/open-bigquery.ts';
import { openStorage } from '../../google/open-storage.ts';
import { unneededCredentials } from '../../google/unneeded-credentials.ts';
import { openBigQuery as openBigQueryOfStores } from '../../stores/bigquery/open-bigquery.ts';

let server: Listening;
const asked: string[] = [];

beforeAll(async () => {
  const answering = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"code":404,"message":"none"}}');
  });
  server = await listenOnLoopback(answering, 0, () => answering.closeAllConnections());
});
afterAll(() => server.close());

beforeEach(() => {
  asked.length = 0;
  for (const name of ['BIGQUERY_EMULATOR_HOST', 'STORAGE_EMULATOR_HOST']) vi.stubEnv(name, 'http://127.0.0.1:1');
});
afterEach(() => vi.unstubAllEnvs());

const url = (): string => `http://127.0.0.1:${server.port}`;

test('a source asks the server that the settings name, whatever Google’s own variables say', async () => {
  const client = openBigQuery({ project: 'my-project', apiEndpoint: url() });
  expect(await client.dataset('results').exists()).toEqual([false]);
  expect(asked).toEqual([expect.stringMatching(/^\/bigquery\/v2\/projects\/my-project\/datasets\/results/)]);
});

test('so does a store', async () => {
  const authClient = unneededCredentials(url());
  const { rest } = openBigQueryOfStores({ project: 'my-project', apiEndpoint: url(), authClient: authClient! });
  expect(await rest.dataset('results').exists()).toEqual([false]);
  expect(asked).toEqual([expect.stringMatching(/^\/bigquery\/v2\/projects\/my-project\/datasets\/results/)]);
});

test('so does who reads a bucket', async () => {
  expect(await openStorage({ apiEndpoint: url() }).bucket('images').exists()).toEqual([false]);
  expect(asked).toEqual([expect.stringMatching(/^\/storage\/v1\/b\/images/)]);
});
