import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.ts';
import { snapshotQuery } from '../../contracts/messages.ts';
import type { RunSummary } from '../../contracts/run.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

/** A place where an activity waits until a test lets it go on. */
interface Gate {
  readonly reached: Promise<void>;
  readonly pass: () => void;
  readonly arrive: () => Promise<void>;
}

let rig: Rig;
let rollUpGate: Gate | undefined;
let holdGate: Gate | undefined;

useRig(
  (started) => (rig = started),
  { dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 900 } },
  { obstruct },
);

describe('a cancellation', () => {
  it('that comes while a run waits to continue as new is not lost', async () => {
    const gate = (rollUpGate = createGate());
    const handle = await rig.startRun('cancel-at-the-seam', {
      source: await rig.makeCsv(400),
      analyzer: { kind: 'noop' },
      limits: { shardSize: 1, shardsInFlight: 8 },
    });
    await gate.reached;
    // Only the roll-up is waited for now: every shard is done, and the run is about to hand over.
    const { shards } = await rig.until(
      () => rig.progress('cancel-at-the-seam'),
      (progress) => progress.shards.running === 0,
      'the run to be drained',
    );
    expect(shards.done).toBeLessThan(400);
    await handle.cancel();
    gate.pass();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    const record = await rig.stores.records.read('cancel-at-the-seam');
    expect(record?.counts).toMatchObject({ succeeded: shards.done, cancelled: 400 - shards.done });
    expect(await rig.rows({ place: record!.plan.place })).toHaveLength(shards.done);
  });
});

describe('a resume', () => {
  it('that comes before the pause has reached the server leaves no call held there', async () => {
    const gate = (holdGate = createGate());
    const callLog = join(rig.dir, 'calls');
    // More calls than the lane has slots: some wait at the server, where a late hold would keep them for ever.
    const handle = await rig.startRun('quick-resume', {
      source: await rig.makeCsv(400),
      analyzer: { kind: 'noop', settings: { callLog, delayMs: 1_500 } },
      limits: { shardSize: 50, shardsInFlight: 8 },
    });
    await rig.until(
      () => rig.calls(callLog),
      (calls) => calls.length > 0,
      'calls to be under way',
    );
    await handle.signal('pause');
    await gate.reached;
    await handle.signal('resume');
    await rig.until(
      () => rig.client.workflow.getHandle('quick-resume').query(snapshotQuery),
      ({ open }) => open.every(({ report }) => report?.gate === 'open' && report.seq === 2),
      'every shard to go on',
    );
    gate.pass();
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(400);
    expect(await rig.rows(summary)).toHaveLength(400);
  });
});

function obstruct(activities: Activities): Activities {
  const { rollUp, holdCalls } = activities.run;
  return {
    ...activities,
    run: {
      ...activities.run,
      async rollUp(input) {
        await rollUpGate?.arrive();
        return rollUp(input);
      },
      async holdCalls(input) {
        await holdGate?.arrive();
        return holdCalls(input);
      },
    },
  };
}

function createGate(): Gate {
  const reached = Promise.withResolvers<void>();
  const passed = Promise.withResolvers<void>();
  return {
    reached: reached.promise,
    pass: () => passed.resolve(),
    arrive() {
      reached.resolve();
      return passed.promise;
    },
  };
}
