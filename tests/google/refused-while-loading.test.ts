/** @module-tag our-idea-of-bigquery */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askRun } from '../../client/ask-run.ts';
import type { RunSummary } from '../../contracts/run.ts';
import type { RestCall } from '../../fake-google/fault-proxy/rest-faults.ts';
import { storageClient } from '../support/google-clients.ts';
import { spawnCli } from '../support/spawned-cli.ts';
import { once } from './bigquery-rig.ts';
import { startLoadingRig, type LoadingRig } from './loading-rig.ts';

const ASSETS = 120;

let google: LoadingRig;
beforeAll(async () => {
  google = await startLoadingRig();
  await google.rig.spawnWorker(google.places);
});
afterAll(() => google[Symbol.asyncDispose]());
afterEach(() => {
  google.proxy.calm();
  google.objects.calm();
});

const isObject = (folder: string) => (call: RestCall) =>
  call.method === 'POST' && `${call.path} ${call.body.slice(0, 1_000)}`.replaceAll('%2F', '/').includes(`/${folder}/`);
const isJob = (words: string) => (call: RestCall) =>
  call.method === 'POST' && /\/jobs(?:\?|$)/.test(call.path) && call.body.includes(words);

interface Refusal {
  readonly by: 'proxy' | 'objects';
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly when: (call: RestCall) => boolean;
  readonly says: RegExp;
}

const REFUSALS: readonly (readonly [title: string, refusal: Refusal])[] = [
  [
    'the right to write objects is taken away',
    {
      by: 'objects',
      status: 403,
      reason: 'forbidden',
      message: 'no storage.objects.create',
      when: isObject('staged'),
      says: /Cannot write gs:\/\/.*\/staged\/.*Give the worker the role Storage Object User/,
    },
  ],
  [
    'a quota of the bucket is used up when rows are committed',
    {
      by: 'objects',
      status: 429,
      reason: 'rateLimitExceeded',
      message: 'too many writes',
      when: isObject('commits'),
      says: /Cannot write gs:\/\/.*\/commits\/.*too many writes/,
    },
  ],
  [
    'no load job is left for today',
    {
      by: 'proxy',
      status: 403,
      reason: 'quotaExceeded',
      message: 'Quota exceeded: imports per table',
      when: isJob('"load"'),
      says: /Cannot load .*Quota exceeded: imports per table.*wait where a quota is used up/,
    },
  ],
  [
    'the right to change the table is taken away before the merge',
    {
      by: 'proxy',
      status: 403,
      reason: 'accessDenied',
      message: 'no bigquery.tables.updateData',
      when: isJob('MERGE'),
      says: /Cannot merge .*updateData.*Give the worker the roles BigQuery Data Editor/,
    },
  ],
];

describe('a run whose rows are loaded waits for its store, says so, and goes on with each row once', () => {
  it.each(REFUSALS)('when %s', async (title, { by, when, says, ...fault }) => {
    const { rig } = google;
    const runId = title.replaceAll(' ', '-').slice(0, 60);
    const callLog = join(rig.dir, runId);
    const handle = await rig.startRun(runId, {
      source: await rig.makeCsv(ASSETS),
      analyzer: { kind: 'noop', settings: { callLog, delayMs: 100 } },
      limits: { shardSize: 30, shardsInFlight: 2, insertBatch: 10, assetsInFlight: 10 },
      store: google.loads,
    });
    await rig.until(
      () => rig.calls(callLog),
      ({ length }) => length > 0,
      'a call',
    );
    google[by].rest.rules.add({ fault: { kind: 'refuse', ...fault }, when });
    await rig.until(
      async () => (await askRun(rig.client, await handle.describe()))?.notes.join(' ') ?? '',
      (notes) => /StoreUnavailable/.test(notes) && says.test(notes),
      `the run to say ${says}`,
    );
    google[by].calm();
    const { counts } = (await handle.result()) as RunSummary;
    expect(counts.succeeded).toBe(ASSETS);
    expect(await google.countRows(runId)).toEqual(once(ASSETS));
    expect(await rig.calls(callLog)).toHaveLength(ASSETS);
    await rig.replayAll();
  });
});

it('a run whose merge BigQuery refuses for good fails, and says where the rows are that it has paid for', async () => {
  const { rig, proxy, places } = google;
  const refused = { kind: 'refuse', status: 400, reason: 'invalid', message: 'no such merge' } as const;
  proxy.rest.rules.add({ fault: refused, when: isJob('MERGE') });
  const handle = await rig.startRun('unmerged', {
    source: await rig.makeCsv(20),
    analyzer: { kind: 'noop' },
    store: google.loads,
  });
  await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'WorkerBug' } });
  const show = spawnCli(['runs', 'show', 'unmerged', ...rig.places], { cwd: rig.dir, env: places });
  expect(await show.ended).toBe(0);
  const [, folder = ''] =
    /may not be shown: no such merge[^]* are in gs:\/\/[^/]+\/(\S+\/parts)\./.exec(show.out()) ?? [];
  const [parts] = await storageClient(google.objects.rest.url)
    .bucket(google.bucket)
    .getFiles({ prefix: `${folder}/` });
  const texts = await Promise.all(parts.map(async (part) => String(await part.download())));
  expect(texts.join('').split('\n').filter(Boolean)).toHaveLength(20);
  await rig.replayAll();
});
