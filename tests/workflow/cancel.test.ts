import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

let rig: Rig;

useRig((started) => (rig = started));

async function cancelledRun(runId: string) {
  const handle = rig.client.workflow.getHandle(runId);
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect((await handle.describe()).status.name).toBe('CANCELLED');
  const record = await rig.stores.records.read(runId);
  expect(record?.state).toBe('cancelled');
  return { record: record!, rows: await rig.rows({ place: record!.plan.place }) };
}

describe('cancel', () => {
  it('aborts calls under way, keeps finished answers, and counts the rest as cancelled', async () => {
    const source = await rig.makeCsv(300);
    const [callLog, endLog] = [join(rig.dir, 'calls-cancel'), join(rig.dir, 'ends-cancel')];
    const handle = await rig.startRun('cancelled', {
      source,
      analyzer: { kind: 'noop', settings: { callLog, endLog, delayMs: 500 } },
      limits: { shardSize: 50, shardsInFlight: 4, insertBatch: 10 },
    });
    await rig.until(
      () => rig.calls(endLog),
      (ends) => ends.length > 30,
      'answers to come in',
    );
    const cancelledAtMs = Date.now();
    await handle.cancel();
    const { record, rows } = await cancelledRun('cancelled');
    const { counts } = record;
    expect(counts!.cancelled + rows.length).toBe(300);
    expect(counts!.cancelled).toBeGreaterThan(0);
    expect(rows.length).toBeGreaterThanOrEqual(30);
    const lastCallAtMs = Math.max(...(await rig.calls(callLog)).map(({ atMs }) => atMs));
    expect(lastCallAtMs - cancelledAtMs).toBeLessThan(2_000);
  });

  it('reaches calls that last for minutes within seconds', async () => {
    const source = await rig.makeCsv(10);
    const callLog = join(rig.dir, 'calls-slow');
    const handle = await rig.startRun('slow-calls', {
      source,
      analyzer: { kind: 'noop', settings: { callLog, delayMs: 600_000 } },
    });
    await rig.until(
      () => rig.calls(callLog),
      (calls) => calls.length === 10,
      'calls to be under way',
    );
    const cancelledAtMs = Date.now();
    await handle.cancel();
    const { record } = await cancelledRun('slow-calls');
    expect(record.counts?.cancelled).toBe(10);
    expect(Date.now() - cancelledAtMs).toBeLessThan(15_000);
  });

  it('works by signal, and while paused', async () => {
    const source = await rig.makeCsv(100);
    const handle = await rig.startRun('cancel-paused', {
      source,
      analyzer: { kind: 'noop', settings: { delayMs: 200 } },
      limits: { shardSize: 20, shardsInFlight: 2 },
    });
    await rig.until(
      () => rig.progress('cancel-paused'),
      ({ state }) => state === 'running',
      'the run to run',
    );
    await handle.signal('pause');
    await rig.until(
      () => rig.progress('cancel-paused'),
      ({ state }) => state === 'paused',
      'the run to pause',
    );
    await handle.signal('cancel', { note: 'wrong prompt' });
    const { record, rows } = await cancelledRun('cancel-paused');
    expect(record.counts!.cancelled + rows.length).toBe(100);
  });

  it('leaves no shard running', async () => {
    const running = await Array.fromAsync(rig.client.workflow.list({ query: "ExecutionStatus = 'Running'" }));
    expect(running).toEqual([]);
  });
});
