import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenOnLoopback, type Listening } from '../../../fake-google/listen-on-loopback.ts';
import { cli } from '../../support/recorded-io.ts';

/** A dataset with what a run made; it takes note of everything that is not a look. */
let google: Listening;
const changes: string[] = [];

beforeAll(async () => {
  const tables = ['sightline_manifest_a_1', 'sightline_road_sign', 'sightline_runs'].map((tableId) => ({
    tableReference: { tableId },
  }));
  const server = createServer((request, response) => {
    if (request.method !== 'GET') changes.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ tables }));
  });
  google = await listenOnLoopback(server, 0, () => server.closeAllConnections());
});
afterAll(() => google.close());

function dryRun(...argv: readonly string[]) {
  const url = `http://127.0.0.1:${google.port}`;
  const names = ['BIGQUERY', 'STORAGE', 'SERVICE_USAGE', 'RESOURCE_MANAGER'];
  const env = Object.fromEntries(names.map((name) => [`SIGHTLINE_${name}_ENDPOINT`, url]));
  return cli(['gcloud', ...argv, '--dry-run'], { env });
}

describe('a dry run', () => {
  test('of setup says which command makes what it shows', async () => {
    const store = 'bq://my-project.results?bucket=rows';
    const { code, out, err } = await dryRun('setup', '--store', store, '--location', 'EU', '--bucket', 'my-images');
    expect(code).toBe(0);
    expect(out.match(/^POST .+$/gm)).toHaveLength(4);
    expect(out).toMatch(/^POST .*CREATE TABLE IF NOT EXISTS `my-project`\.`results`\.`sightline_runs` .*$/m);
    expect(out).toMatch(
      /^temporal operator search-attribute create --name SightlineRun --type Keyword .* --address .*\n$/m,
    );
    expect(err).toBe(`Next: npx sightline gcloud setup --store '${store}' --location EU --bucket my-images\n`);
  });

  test('of setup is one JSON document with --json', async () => {
    const { out } = await dryRun('setup', '--store', 'bq://my-project.results', '--location', 'EU', '--json');
    expect(JSON.parse(out)).toEqual([
      { what: 'dataset results in EU', call: expect.stringContaining('"datasetReference":{"projectId":"my-project"') },
      { what: 'table sightline_runs', call: expect.stringContaining('CREATE TABLE IF NOT EXISTS') },
      { what: 'table sightline_blobs', call: expect.stringContaining('CREATE TABLE IF NOT EXISTS') },
      {
        what: expect.stringMatching(/^search attributes SightlineRun, .*, SightlineSpentUsd$/),
        call: expect.stringMatching(/^temporal operator search-attribute create .*--type Double/),
      },
    ]);
  });

  test('of teardown is one JSON document with --json, and claims to have removed nothing', async () => {
    const { out } = await dryRun('teardown', '--store', 'bq://my-project.results', '--all', '--json');
    expect(JSON.parse(out)).toEqual({
      calls: [expect.stringMatching(/^DELETE .*\/sightline_manifest_a_1$/)],
      kept: ['sightline_road_sign', 'sightline_runs'],
      under_way: [],
      unended: [],
      unloaded: [],
    });
  });

  test('of teardown refuses a table that holds no results, with one sentence', async () => {
    const { code, out, err } = await dryRun(
      'teardown',
      '--store',
      'bq://my-project.results',
      '--all',
      '--results',
      'sightline_runs',
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(
      'sightline_runs is no table of results: it holds what is kept of all runs, and goes only with the dataset results itself.\n',
    );
  });

  test('of teardown shows nothing where no server says what runs under way need', async () => {
    const argv = ['teardown', '--store', 'bq://my-project.results', '--address', '127.0.0.1:1'];
    const { code, out, err } = await dryRun(...argv);
    expect({ code, out }).toEqual({ code: 7, out: '' });
    expect(err).toMatch(/^No Temporal server answers at 127\.0\.0\.1:1\. So nobody knows .*\n.*type --all\.\n$/);
  });

  test('changes nothing', () => expect(changes).toEqual([]));
});
