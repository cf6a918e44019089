import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';
import { storeFolder } from '../../stores/run-place.ts';

let rig: Rig;
useRig((started) => (rig = started));

const slow = { kind: 'noop', settings: { delayMs: 100 } };
const limits = { shardSize: 20, shardsInFlight: 2, assetsInFlight: 5 };

describe('messages that nobody should send', () => {
  it('change nothing: the run completes with every row', async () => {
    const handle = await rig.startRun('bad-signals', { source: await rig.makeCsv(100), analyzer: slow, limits });
    for (const payload of [undefined, null, 5, 'x', [], { shard: 0 }, { shard: '0', tally: {}, gate: 'open' }]) {
      await handle.signal('shardReport', payload);
    }
    await handle.signal('pause', { reason: { toString: 1 } });
    await handle.signal('pause', { reason: 'x'.repeat(1_000_000) });
    await handle.signal('resume', { reason: 7 });
    const shard = await rig.started('bad-signals/shard-000000');
    for (const payload of [undefined, null, 'x', { seq: 'late', gate: 'closed' }, { seq: 9, gate: 'ajar' }]) {
      await shard.signal('setState', payload);
    }
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(100);
    expect(await rig.rows(summary)).toHaveLength(100);
  });

  it('a state from the future does not stop a shard: the run answers with a newer one', async () => {
    const handle = await rig.startRun('future-state', { source: await rig.makeCsv(60), analyzer: slow, limits });
    const shard = await rig.started('future-state/shard-000000');
    await shard.signal('setState', { seq: 1_000_000, gate: 'closed', reasons: [] });
    expect(((await handle.result()) as RunSummary).counts.succeeded).toBe(60);
  });

  it('a second input is refused at once', async () => {
    for (const [index, second] of [5, {}, 'x'].entries()) {
      const handle = await rig.client.workflow.start('analyzeRun', {
        workflowId: `second-input-${index}`,
        taskQueue: 'sightline',
        args: [{ source: 'x' }, second],
      });
      await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'InvalidRequest' } });
    }
  });
});

describe('a shard that somebody cancels by itself', () => {
  it('is finished by another, and the books balance', async () => {
    const callLog = join(rig.dir, 'calls-one-cancelled');
    const handle = await rig.startRun('one-cancelled', {
      source: await rig.makeCsv(60),
      analyzer: { kind: 'noop', settings: { delayMs: 100, callLog } },
      limits,
    });
    await rig.until(
      () => rig.calls(callLog),
      (calls) => calls.length > 8,
      'calls to be under way',
    );
    await rig.client.workflow.getHandle('one-cancelled/shard-000001').cancel();
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts).toMatchObject({ succeeded: 60, cancelled: 0 });
    expect(await rig.rows(summary)).toHaveLength(60);
  });
});

describe('a person who changes their mind quickly', () => {
  it('never leaves a run that says it runs and does not', async () => {
    const handle = await rig.startRun('quick', { source: await rig.makeCsv(200), analyzer: slow, limits });
    await rig.until(
      () => rig.progress('quick'),
      ({ shards }) => shards.running > 0,
      'shards to run',
    );
    for (let round = 0; round < 12; round += 1) {
      await handle.signal('pause');
      await handle.signal('resume');
    }
    expect(((await handle.result()) as RunSummary).counts.succeeded).toBe(200);
  });
});

describe('a relative folder for results', () => {
  it('is made absolute against the folder of the worker', async () => {
    const handle = await rig.startRun('relative-store', {
      source: await rig.makeCsv(5),
      analyzer: { kind: 'noop' },
      store: { kind: 'parquet', path: 'out' },
    });
    const summary = (await handle.result()) as RunSummary;
    expect(storeFolder(summary.place.store)).toBe(join(rig.dir, 'out'));
    expect(await rig.rows(summary)).toHaveLength(5);
  });
});
