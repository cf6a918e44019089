import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { startRig, type Rig } from '../support/rig.ts';

let rig: Rig;

describe.each([
  ['that ends the polls of a stopping worker', true],
  ['that leaves them open', false],
])('SIGTERM, on a server %s', (_, endsPolls) => {
  beforeAll(async () => {
    rig = await startRig({ dynamicConfig: { 'frontend.enableCancelWorkerPollsOnShutdown': endsPolls } });
  });
  afterAll(() => rig.close());

  it('drains: calls under way finish, the exit code is 0, and nothing is repeated', async () => {
    const source = await rig.makeCsv(400);
    const [callLog, endLog] = [join(rig.dir, 'calls'), join(rig.dir, 'ends')];
    const first = await rig.spawnWorker();
    const handle = await rig.startRun('drained', {
      source,
      analyzer: { kind: 'noop', settings: { callLog, endLog, delayMs: 500 } },
      limits: { shardSize: 100 },
    });
    await rig.until(
      () => rig.calls(callLog),
      (calls) => calls.length > 60,
      'calls to be under way',
    );
    expect(await first.stop()).toBe(0);
    expect((await rig.calls(endLog)).length).toBe((await rig.calls(callLog)).length);
    const second = await rig.spawnWorker();
    const summary = (await handle.result()) as RunSummary;
    await second.stop();
    expect(summary.counts.succeeded).toBe(400);
    expect(await rig.calls(callLog)).toHaveLength(400);
    expect((await rig.rows(summary)).filter((row) => row['attempts'] !== 1)).toEqual([]);
  });

  it('gives calls that outlast the grace time back to their shards at once', async () => {
    const source = await rig.makeCsv(5);
    const callLog = join(rig.dir, 'calls-long');
    const first = await rig.spawnWorker({ SIGHTLINE_GRACE_MS: '500' });
    const handle = await rig.startRun('impatient', {
      source,
      analyzer: { kind: 'noop', settings: { callLog, delayMs: 8_000 } },
    });
    await rig.until(
      () => rig.calls(callLog),
      (calls) => calls.length >= 5,
      'calls to be under way',
    );
    expect(await first.stop()).toBe(0);
    const second = await rig.spawnWorker();
    const summary = (await handle.result()) as RunSummary;
    await second.stop();
    expect(summary.counts.succeeded).toBe(5);
    expect((await rig.rows(summary)).map((row) => row['attempts'])).toEqual([2, 2, 2, 2, 2]);
  });
});

describe('a Temporal server that goes away and comes back', () => {
  beforeAll(async () => {
    rig = await startRig({ persistent: true });
  });
  afterAll(() => rig.close());

  it('is waited for: the worker goes on by itself and nothing is lost', async () => {
    await rig.spawnWorker();
    const source = await rig.makeCsv(300);
    const callLog = join(rig.dir, 'calls-server');
    const handle = await rig.startRun('server-away', {
      source,
      analyzer: { kind: 'noop', settings: { callLog, delayMs: 50 } },
      limits: { shardSize: 100 },
    });
    await rig.until(
      () => rig.calls(callLog),
      (calls) => calls.length > 50,
      'calls to be under way',
    );
    await rig.crashServer();
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(300);
    expect(await rig.rows(summary)).toHaveLength(300);
  });
});
