import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRig, type Rig } from '../support/rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
  await rig.spawnWorker({ SIGHTLINE_LANE_SLOTS: '40' });
});
afterAll(() => rig.close());

describe('two runs on one lane', () => {
  it('share it: 100 assets beside 10,000 end within three times their time alone', async () => {
    const small = await rig.makeCsv(100, 'small.csv');
    const big = await rig.makeCsv(10_000, 'big.csv');
    // Bounded by the slots of the lane, not by this machine: 40 calls of 0.8 s are 50 a second.
    const analyzer = { kind: 'noop', settings: { delayMs: 800 } };
    const timed = async (runId: string) => {
      const startedAtMs = Date.now();
      await (await rig.startRun(runId, { source: small, analyzer })).result();
      return Date.now() - startedAtMs;
    };
    await timed('warm-up');
    const aloneMs = await timed('alone');
    const crowd = await rig.startRun('crowd', { source: big, analyzer });
    await rig.until(
      () => rig.progress('crowd'),
      ({ counts }) => counts.in_flight + counts.succeeded > 0 && counts.total === 10_000,
      'the big run to fill the lane',
    );
    const besideMs = await timed('beside');
    process.stderr.write(`100 assets: alone ${aloneMs} ms, beside 10,000: ${besideMs} ms\n`);
    expect(besideMs).toBeLessThan(3 * aloneMs);
    await crowd.cancel();
    await expect(crowd.result()).rejects.toThrow('cancelled');
  });
});
