import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import type { Progress, RunRecord, RunSummary } from '../../contracts/run.ts';
import type { ShardInput } from '../../contracts/shard.ts';
import { until, type Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';
import { storeFolder } from '../../stores/run-place.ts';

let rig: Rig;

useRig((started) => (rig = started));

/** Runs until some shards are committed, then holds the run. */
async function pausedHalfWay(runId: string): Promise<RunRecord> {
  const handle = await rig.startRun(runId, {
    source: await rig.makeCsv(200),
    analyzer: { kind: 'noop', settings: { delayMs: 40 } },
    limits: { shardSize: 20, shardsInFlight: 2, assetsInFlight: 10 },
  });
  await rig.until(
    () => rig.progress(runId),
    ({ shards }) => shards.done >= 3,
    'three shards to end',
  );
  await handle.signal('pause');
  await rig.until(
    () => rig.progress(runId),
    ({ state }) => state === 'paused',
    'the run to pause',
  );
  const record = await rig.stores.records.read(runId);
  if (!record) throw new Error('a run without a record');
  return record;
}

describe('a run at its end', () => {
  it('fails loudly when the store does not hold the rows that it counted', async () => {
    const { plan } = await pausedHalfWay('tampered');
    const { store, prompt, key } = plan.place;
    const commits = join(storeFolder(store), 'results', prompt, key, 'commits');
    const [record] = (await readdir(commits)).filter((name) => name.includes('shard-000000'));
    await rm(join(commits, record!));
    const handle = rig.client.workflow.getHandle('tampered');
    await handle.signal('resume');
    await expect(handle.result()).rejects.toMatchObject({
      cause: { type: 'AccountingMismatch', message: expect.stringMatching(/180 rows, but 200 assets/) as string },
    });
    expect(await rig.stores.records.read('tampered')).toMatchObject({
      state: 'failed',
      failure: { name: 'AccountingMismatch' },
    });
    // It joins what is committed: as much work as before a run is verified.
    const { events } = await handle.fetchHistory();
    const scheduled = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: each }) => each ?? []);
    const [verify, finish] = ['verifyRun', 'finishRun'].map((name) =>
      scheduled.find(({ activityType }) => activityType?.name === name),
    );
    expect(finish?.startToCloseTimeout).toEqual(verify?.startToCloseTimeout);
    expect(finish?.startToCloseTimeout?.seconds).toBeDefined();
  });
});

describe('a shard that somebody else has started', () => {
  it('is waited for, and its rows are counted once', async () => {
    const runId = 'adopting';
    const source = await rig.makeCsv(40);
    const callLog = join(rig.dir, 'calls-adopt');
    const handle = await rig.client.workflow.signalWithStart('analyzeRun', {
      workflowId: runId,
      taskQueue: 'sightline',
      args: [{ source, analyzer: { kind: 'noop', settings: { callLog, delayMs: 100 } }, limits: { shardSize: 20 } }],
      signal: 'pause',
      signalArgs: [],
    });
    await rig.until(
      () => rig.progress(runId),
      ({ state }) => state === 'paused',
      'the run to pause',
    );
    const { plan } = (await rig.stores.records.read(runId))!;
    const input: ShardInput = {
      plan,
      shard: 0,
      ranges: [{ start: 0, end: 20 }],
      leftovers: [],
      state: { seq: 0, gate: 'open', reasons: [] },
    };
    await rig.client.workflow.start('analyzeShard', {
      workflowId: `${runId}/shard-000000`,
      taskQueue: 'sightline',
      args: [input],
    });
    await handle.signal('resume');
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(40);
    expect(await rig.rows(summary)).toHaveLength(40);
    expect(await rig.calls(callLog)).toHaveLength(40);
  });
});

describe('a namespace without our search attributes', () => {
  it('runs all the same, and the run says so', async () => {
    const namespace = 'without-attributes';
    await rig.client.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    const client = new Client({ connection: rig.client.connection, namespace });
    await until(
      () =>
        client.workflowService.describeNamespace({ namespace }).then(
          () => true,
          () => false,
        ),
      Boolean,
      'the namespace',
    );
    const worker = await rig.startWorker({ namespace });
    const handle = await client.workflow.start('analyzeRun', {
      workflowId: 'unsearchable',
      taskQueue: 'sightline',
      args: [{ source: await rig.makeCsv(5), analyzer: { kind: 'noop' } }],
    });
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(5);
    const progress = await handle.query<Progress>('progress');
    expect(progress.notes).toEqual([expect.stringMatching(/^Search attributes are not registered/)]);
    await worker.stop();
  });
});
