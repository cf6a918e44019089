import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { startRig, temporalBinary, type Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

let rig: Rig;

useRig((started) => (rig = started));

describe('an asset that has to wait for a retry', () => {
  it('is handed back by its shard and finished by a tail shard', async () => {
    const source = await rig.makeCsv(60);
    const callLog = join(rig.dir, 'calls-tail');
    const handle = await rig.startRun('tail', {
      source,
      analyzer: {
        kind: 'noop',
        settings: { callLog, failureShare: 0.15, failure: 'FetchFailed', failFirst: 2, waitMs: 3_000, unpaid: false },
      },
      limits: { shardSize: 20, leftoverAfterMs: 100 },
    });
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(60);
    const rows = await rig.rows(summary);
    expect(rows).toHaveLength(60);
    const patient = rows.filter((row) => row['attempts'] === 3);
    expect(patient.length).toBeGreaterThan(0);
    expect(patient.every((row) => Number(row['shard']) >= 3)).toBe(true);
    expect(await rig.calls(callLog)).toHaveLength(60 + 2 * patient.length);
  });

  it('holds up nothing else: all others are visible while it still waits', async () => {
    const source = await rig.makeCsv(60);
    const handle = await rig.startRun('one-waits', {
      source,
      analyzer: {
        kind: 'noop',
        settings: { failureShare: 0.15, failure: 'FetchFailed', waitMs: 590_000, unpaid: false },
      },
      limits: { shardSize: 20, leftoverAfterMs: 500 },
    });
    const progress = await rig.until(
      () => rig.progress('one-waits'),
      ({ shards, counts }) => shards.done === 3 && counts.pending > 0,
      'all shards to end',
    );
    const record = await rig.stores.records.read('one-waits');
    expect(await rig.rows({ place: record!.plan.place })).toHaveLength(progress.counts.succeeded);
    expect(progress.counts.succeeded + progress.counts.pending).toBe(60);
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow('cancelled');
    expect((await rig.stores.records.read('one-waits'))?.counts?.cancelled).toBe(progress.counts.pending);
  });
});

describe('a shard that somebody stops from outside', () => {
  it('is started again and doubles nothing', async () => {
    const source = await rig.makeCsv(120);
    const callLog = join(rig.dir, 'calls-terminated');
    const handle = await rig.startRun('terminated-shard', {
      source,
      analyzer: { kind: 'noop', settings: { callLog, delayMs: 100 } },
      limits: { shardSize: 60, shardsInFlight: 2, insertBatch: 10, assetsInFlight: 5 },
    });
    await rig.until(
      () => rig.calls(callLog),
      (calls) => calls.length > 50,
      'calls to be under way',
    );
    await handle.signal('pause');
    await rig.until(
      () => rig.progress('terminated-shard'),
      ({ state }) => state === 'paused',
      'the run to pause',
    );
    await rig.client.workflow.getHandle('terminated-shard/shard-000000').terminate('an operator');
    await handle.signal('resume');
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(120);
    const rows = await rig.rows(summary);
    expect(rows).toHaveLength(120);
    expect(new Set(rows.map((row) => row['row_key'])).size).toBe(120);
    // What was visible before is not called again; nothing was under way.
    expect(await rig.calls(callLog)).toHaveLength(120);
  });

  it('and is reset by an operator doubles nothing', async () => {
    const source = await rig.makeCsv(60);
    const callLog = join(rig.dir, 'calls-reset');
    const handle = await rig.startRun('reset-shard', {
      source,
      analyzer: { kind: 'noop', settings: { callLog, delayMs: 100 } },
      limits: { shardSize: 60, insertBatch: 10, assetsInFlight: 5 },
    });
    await rig.until(
      () => rig.calls(callLog),
      (calls) => calls.length > 25,
      'calls to be under way',
    );
    const workflowId = 'reset-shard/shard-000000';
    const reset = ['workflow', 'reset', '--workflow-id', workflowId, '--event-id', '4', '--reason', 'an operator'];
    await promisify(execFile)(await temporalBinary(), [...reset, '--address', rig.server.address]);
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(60);
    expect(await rig.rows(summary)).toHaveLength(60);
  });
});

describe('a run whose workers are all gone', () => {
  it('still shows its last known counts', async () => {
    const lonely = await startRig();
    try {
      const worker = await lonely.startWorker();
      const source = await lonely.makeCsv(200);
      const handle = await lonely.startRun('lonely', {
        source,
        analyzer: { kind: 'noop', settings: { delayMs: 100 } },
        limits: { shardSize: 20, shardsInFlight: 1, assetsInFlight: 5 },
      });
      await lonely.until(
        () => lonely.progress('lonely'),
        ({ shards }) => shards.done >= 2,
        'two shards to end',
      );
      await worker.stop();
      const { memo, searchAttributes } = await handle.describe();
      expect(memo).toMatchObject({ sightline: { state: 'running', counts: { total: 200 } } });
      expect(Number(searchAttributes['SightlineDone']?.[0])).toBeGreaterThanOrEqual(40);
      await handle.terminate();
      await lonely.client.workflow.getHandle('lonely/shard-000002').terminate();
    } finally {
      await lonely.close();
    }
  });
});
