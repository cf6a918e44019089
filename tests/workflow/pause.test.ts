import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

/** With the cache off every task replays its whole history: that pass proves what happens, not how fast. */
const CACHE_OFF = process.env['SIGHTLINE_TEST_CACHE'] === 'off';
const PAUSE_WITHIN_MS = CACHE_OFF ? 15_000 : 2_000;
/** Enough that the run is not over before the pause has arrived. */
const ASSETS = CACHE_OFF ? 800 : 400;

let rig: Rig;

// Continue as new comes after dozens of events instead of thousands.
useRig((started) => (rig = started), { dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 60 } });

const state = (runId: string, wanted: string) =>
  rig.until(
    () => rig.progress(runId),
    (progress) => progress.state === wanted,
    `${runId} to be ${wanted}`,
  );

describe('pause', () => {
  it('starts no call later than two seconds afterwards, shows what is finished, and resume loses nothing', async () => {
    const source = await rig.makeCsv(ASSETS);
    const callLog = join(rig.dir, 'calls-pause');
    // More calls are scheduled than the lane has slots, so some wait at the server when the pause comes.
    const handle = await rig.startRun('paused', {
      source,
      analyzer: { kind: 'noop', settings: { callLog, delayMs: 1_000 } },
      limits: { shardSize: 50, shardsInFlight: 8, insertBatch: 10 },
    });
    await rig.until(
      () => rig.calls(callLog),
      (calls) => calls.length > 100,
      'calls to be under way',
    );
    const pausedAtMs = Date.now();
    await handle.signal('pause');
    const paused = await state('paused', 'paused');
    const calls = await rig.calls(callLog);
    const lastCallAtMs = Math.max(...calls.map(({ atMs }) => atMs));
    expect(lastCallAtMs - pausedAtMs).toBeLessThan(PAUSE_WITHIN_MS);
    expect(calls.length).toBeLessThan(ASSETS);

    const settled = paused.counts.total - paused.counts.pending - paused.counts.in_flight;
    const record = await rig.stores.records.read('paused');
    const rows = await rig.rows({ place: record!.plan.place });
    expect(rows.length).toBe(settled);
    expect(rows.length).toBe(calls.length);

    await handle.signal('resume');
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(ASSETS);
    expect(await rig.rows(summary)).toHaveLength(ASSETS);
    expect(await rig.calls(callLog)).toHaveLength(ASSETS);
  });

  it('survives continue-as-new, with signals doubled and out of order', async () => {
    const source = await rig.makeCsv(600);
    const handle = await rig.startRun('pause-across', {
      source,
      analyzer: { kind: 'noop', settings: { delayMs: 20 } },
      limits: { shardSize: 20, shardsInFlight: 3, insertBatch: 20 },
    });
    for (let round = 0; round < 4; round += 1) {
      const done = (await rig.progress('pause-across')).shards.done;
      await Promise.all([handle.signal('resume'), handle.signal('pause'), handle.signal('pause')]);
      await handle.signal('pause');
      await state('pause-across', 'paused');
      await Promise.all([handle.signal('resume'), handle.signal('resume')]);
      await rig.until(
        () => rig.progress('pause-across'),
        (progress) => progress.shards.done > done || progress.state === 'completed',
        'the run to go on',
      );
    }
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(600);
    expect(await rig.rows(summary)).toHaveLength(600);
    const executions = await Array.fromAsync(rig.client.workflow.list({ query: "WorkflowId = 'pause-across'" }));
    expect(executions.length).toBeGreaterThan(1);
  });

  it('that arrives while the source is frozen takes effect when that is done', async () => {
    const source = await rig.makeCsv(50);
    const handle = await rig.client.workflow.signalWithStart('analyzeRun', {
      workflowId: 'paused-early',
      taskQueue: 'sightline',
      args: [{ source, analyzer: { kind: 'noop' } }],
      signal: 'pause',
      signalArgs: [],
    });
    const progress = await state('paused-early', 'paused');
    expect(progress.counts).toMatchObject({ total: 50, pending: 50 });
    expect(progress.reasons).toEqual(['operator']);
    await handle.signal('resume');
    expect(((await handle.result()) as RunSummary).counts.succeeded).toBe(50);
  });

  it('comes by itself when the quota is used up, and resume tries again', async () => {
    const source = await rig.makeCsv(40);
    const handle = await rig.startRun('no-quota', {
      source,
      analyzer: { kind: 'noop', settings: { failureShare: 0.2, failure: 'QuotaExhausted', failFirst: 1 } },
    });
    const paused = await state('no-quota', 'paused');
    expect(paused.reasons).toEqual(['quota']);
    let summary: RunSummary | undefined;
    void handle.result().then((result) => (summary = result as RunSummary));
    await rig.until(
      async () => {
        const { state: now } = await rig.progress('no-quota');
        if (now === 'paused') await handle.signal('resume');
        return now;
      },
      (now) => now === 'completed',
      'the run to complete',
    );
    await rig.until(
      async () => summary,
      (found) => found !== undefined,
      'the result',
    );
    expect(summary?.counts.succeeded).toBe(40);
  });
});
