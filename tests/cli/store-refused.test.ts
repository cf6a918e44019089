import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { listenOnLoopback, type Listening } from '../../fake-google/listen-on-loopback.ts';
import { cli } from '../support/recorded-io.ts';

let bigQuery: Listening;
beforeAll(async () => {
  const message = 'Not found: Dataset my-project:nowhere';
  const refusing = createServer((_request, response) => {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { code: 404, message, errors: [{ reason: 'notFound', message }] } }));
  });
  bigQuery = await listenOnLoopback(refusing, 0, () => refusing.closeAllConnections());
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => bigQuery.close());

it.each([
  ['runs', 'list'],
  ['runs', 'show', 'my-run'],
  ['results', 'list', 'my-run'],
])(
  'a home of runs that does not exist ends %s %s with exit code 2 and the fix, also while the server is still being asked',
  async (...words) => {
    vi.stubEnv('SIGHTLINE_STORE', 'bq://my-project.nowhere');
    vi.stubEnv('SIGHTLINE_BIGQUERY_ENDPOINT', `http://127.0.0.1:${bigQuery.port}`);
    const { code, out, err } = await cli([...words, '--address', '127.0.0.1:1']);
    expect(err).toMatch(/^The dataset my-project\.nowhere does not exist\. Make it .* gcloud setup .*\n$/);
    expect([code, out]).toEqual([2, '']);
  },
);
