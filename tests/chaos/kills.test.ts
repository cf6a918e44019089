import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import type { StoredRow } from '../../stores/ports.ts';
import { startRig, type LoggedCall, type Rig } from '../support/rig.ts';
import { chooseSeed, seededRandom } from '../support/seed.ts';

let rig: Rig;
const random = seededRandom(chooseSeed('kills'));

beforeAll(async () => {
  rig = await startRig({ persistent: true });
});
afterAll(() => rig.close());

describe('kill -9', () => {
  it('of the worker five times and of the Temporal server once loses nothing and doubles nothing', async () => {
    const source = await rig.makeCsv(3_000);
    const callLog = join(rig.dir, 'calls');
    let worker = await rig.spawnWorker();
    const handle = await rig.startRun('killed', {
      source,
      analyzer: { kind: 'noop', settings: { callLog, delayMs: 100 } },
      limits: { shardSize: 100, insertBatch: 50 },
    });
    let inFlight = 0;
    const kills = ['worker', 'worker', 'server', 'worker', 'worker', 'worker'];
    for (const [index, victim] of kills.entries()) {
      const after = Math.floor(((index + random()) / kills.length) * 2_700);
      await rig.until(
        () => rig.calls(callLog),
        (calls) => new Set(calls.map(({ assetId }) => assetId)).size >= after,
        `${after} assets to be called`,
      );
      if (victim === 'server') {
        inFlight += await callsWithoutAnswer('killed');
        await rig.crashServer();
        continue;
      }
      await worker.kill();
      inFlight += await callsWithoutAnswer('killed');
      worker = await rig.spawnWorker();
    }
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(3_000);

    const rows = await rig.rows(summary);
    expect(rows).toHaveLength(3_000);
    expect(new Set(rows.map((row) => row['row_key'])).size).toBe(3_000);
    const calls = await rig.calls(callLog);
    expect(calls.length - 3_000).toBeLessThanOrEqual(inFlight);
    expectRepeatsToBeTold(rows, calls);
    expect(await worker.stop()).toBe(0);
    expect(await rig.replayAll()).toBeGreaterThan(30);
  });
});

describe('kill -9 around a continue-as-new', () => {
  it('hands everything over: no row is lost or doubled between the executions of a run', async () => {
    const continuing = await startRig({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 60 } });
    try {
      let worker = await continuing.spawnWorker();
      const handle = await continuing.startRun('killed-while-continuing', {
        source: await continuing.makeCsv(400),
        analyzer: { kind: 'noop', settings: { delayMs: 20 } },
        limits: { shardSize: 10, shardsInFlight: 3, insertBatch: 5 },
      });
      for (let kill = 1; kill <= 4; kill += 1) {
        await continuing.until(
          () => executionsOf(continuing, 'killed-while-continuing'),
          (executions) => executions > kill,
          'another execution of the run',
        );
        await worker.kill();
        worker = await continuing.spawnWorker();
      }
      const summary = (await handle.result()) as RunSummary;
      expect(summary.counts.succeeded).toBe(400);
      const rows = await continuing.rows(summary);
      expect(new Set(rows.map((row) => row['row_key'])).size).toBe(400);
      expect(rows).toHaveLength(400);
      await worker.stop();
      await continuing.replayAll();
    } finally {
      await continuing.close();
    }
  });
});

/** Calls that were handed to a worker and whose answer the server does not have: one that was on its way is lost too. */
async function callsWithoutAnswer(runId: string): Promise<number> {
  const { pendingChildren } = await rig.client.workflowService.describeWorkflowExecution({
    namespace: 'default',
    execution: { workflowId: runId },
  });
  const shards = await Promise.all((pendingChildren ?? []).map(({ workflowId }) => rig.pendingCalls(workflowId ?? '')));
  return shards.flat().filter(({ isStarted }) => isStarted).length;
}

async function executionsOf(on: Rig, runId: string): Promise<number> {
  return (await on.client.workflow.count(`WorkflowId = '${runId}'`)).count;
}

/** Every asset that was called twice says so in its row. */
function expectRepeatsToBeTold(rows: readonly StoredRow[], calls: readonly LoggedCall[]): void {
  const attempts = new Map(rows.map((row) => [row['asset_id'], Number(row['attempts'])]));
  const counts = new Map<string, number>();
  for (const { assetId } of calls) counts.set(assetId, (counts.get(assetId) ?? 0) + 1);
  const untold = [...counts].filter(([assetId, count]) => count > 1 && (attempts.get(assetId) ?? 0) < 2);
  expect(untold).toEqual([]);
}
