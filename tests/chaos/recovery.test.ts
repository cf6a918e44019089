import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRig, type LoggedCall, type Rig } from '../support/rig.ts';
import { chooseSeed, seededRandom } from '../support/seed.ts';

const KILLS = 10;
const RATE_WINDOW_MS = 1_000;

let rig: Rig;
const random = seededRandom(chooseSeed('recovery'));

beforeAll(async () => {
  rig = await startRig({ persistent: true });
});
afterAll(() => rig.close());

describe('after kill -9 of the worker', () => {
  it('the run is at full speed again within five seconds of the restart, in the median of ten kills', async () => {
    const callLog = join(rig.dir, 'calls');
    let worker = await rig.spawnWorker();
    const handle = await rig.startRun('recovering', {
      source: await rig.makeCsv(20_000),
      // Bounded by the calls in flight, not by this machine: 40 in flight of 0.4 s are 100 calls a second.
      analyzer: { kind: 'noop', settings: { callLog, delayMs: 400 } },
      limits: { shardSize: 250, shardsInFlight: 4, assetsInFlight: 10 },
    });
    const recoveries: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const since = Date.now();
      const rate = await steadyRate(callLog, since, 2_500 + random() * 1_000);
      await worker.kill();
      const restartedAtMs = Date.now();
      worker = await rig.spawnWorker();
      recoveries.push(await untilFullSpeed(callLog, restartedAtMs, 0.8 * rate));
    }
    recoveries.sort((a, b) => a - b);
    process.stderr.write(`recovery after kill -9, ms: ${recoveries.join(' ')}\n`);
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow('cancelled');
    expect(recoveries[KILLS / 2]).toBeLessThan(5_000);
  });
});

/** Calls per second over a stretch of undisturbed work. */
async function steadyRate(log: string, sinceMs: number, stretchMs: number): Promise<number> {
  const calls = await rig.until(
    () => rig.calls(log),
    (all) => Math.max(...all.map(({ atMs }) => atMs)) - sinceMs > stretchMs,
    'undisturbed work',
  );
  const recent = calls.filter(({ atMs }) => atMs > sinceMs + 1_000);
  return (recent.length * 1000) / (Math.max(...recent.map(({ atMs }) => atMs)) - sinceMs - 1_000);
}

/** How long after `fromMs` the first second at that rate began. */
async function untilFullSpeed(log: string, fromMs: number, perSecond: number): Promise<number> {
  const startOf = (calls: readonly LoggedCall[]): number | undefined => {
    const times = calls
      .map(({ atMs }) => atMs)
      .filter((atMs) => atMs >= fromMs)
      .toSorted((a, b) => a - b);
    return times.find((start, index) => {
      const within = times.findLastIndex((atMs) => atMs < start + RATE_WINDOW_MS) - index + 1;
      return within >= perSecond;
    });
  };
  const calls = await rig.until(
    () => rig.calls(log),
    (all) => startOf(all) !== undefined,
    'full speed',
  );
  return startOf(calls)! - fromMs;
}
