/** @module-tag our-idea-of-bigquery */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { once, startBigQueryRig, type BigQueryRig } from './bigquery-rig.ts';

const ASSETS = 60;
const LIMITS = { shardSize: 20, shardsInFlight: 2, insertBatch: 10, assetsInFlight: 5 };
/** Longer than a test takes: the worker is killed before it hears anything. */
const NEVER_MS = 600_000;

let google: BigQueryRig;
beforeAll(async () => {
  google = await startBigQueryRig();
});
afterEach(() => google.proxy.calm());
afterAll(() => google[Symbol.asyncDispose]());

/** Resolves when BigQuery has done such a call; until the proxy is calmed, no answer to one is heard. */
function done(wanted: string): Promise<void> {
  return new Promise((resolve) => {
    const when = ({ method }: { readonly method: string }): boolean => {
      if (method === wanted) resolve();
      return method === wanted;
    };
    google.proxy.grpc.answers.add({ fault: { kind: 'slow', delayMs: NEVER_MS }, when });
  });
}

/** Resolves when such a call is made; until the proxy is calmed, none reaches BigQuery. */
function asked(wanted: string): Promise<void> {
  return new Promise((resolve) => {
    const when = (method: string): boolean => {
      if (method === wanted) resolve();
      return method === wanted;
    };
    google.proxy.grpc.refusals.add({ fault: { code: 14, message: 'unavailable by a rule' }, when });
  });
}

describe('a run whose rows are streamed has each once, and pays again for none but those in flight, after its worker was killed', () => {
  it.each<[runId: string, moment: string, reached: () => Promise<void>, isVisible: boolean]>([
    ['appended', 'when BigQuery had taken a batch and told nobody', () => done('AppendRows'), false],
    ['staged', 'when a segment was staged, before anything of its commit', () => asked('FinalizeWriteStream'), false],
    ['finished', 'when BigQuery had finished a stream, before its commit', () => done('FinalizeWriteStream'), false],
    ['committed', 'when BigQuery had committed a stream and told nobody', () => done('BatchCommitWriteStreams'), true],
  ])(
    '%s: %s',
    async (runId, _moment, reached, isVisible) => {
      const { rig, proxy, places, dataset } = google;
      const callLog = join(rig.dir, runId);
      const first = await rig.spawnWorker(places);
      const handle = await rig.startRun(runId, {
        source: await rig.makeCsv(ASSETS, `${runId}.csv`),
        analyzer: { kind: 'noop', settings: { callLog, delayMs: 100 } },
        limits: LIMITS,
        store: dataset.spec,
      });
      // Before that, what is appended belongs to no shard.
      await rig.until(
        () => rig.calls(callLog),
        ({ length }) => length > 0,
        'a call',
      );
      await Promise.race([reached(), handle.result()]);
      await first.kill();
      const calledBefore = await rig.calls(callLog);
      const { stored } = (await google.countRows(runId)) as { readonly stored: number };
      expect(stored > 0).toBe(isVisible);
      expect(calledBefore.length).toBeLessThan(ASSETS);
      proxy.calm();
      const second = await rig.spawnWorker(places);
      const summary = (await handle.result()) as RunSummary;
      expect(summary.counts.succeeded).toBe(ASSETS);
      expect(await google.countRows(runId)).toEqual(once(ASSETS));
      const calls = await rig.calls(callLog);
      expect(new Set(calls.map(({ assetId }) => assetId)).size).toBe(ASSETS);
      expect(calls.length - ASSETS).toBeLessThanOrEqual(LIMITS.shardsInFlight * LIMITS.assetsInFlight);
      await second.stop();
      expect(await rig.replayAll()).toBe(ASSETS / LIMITS.shardSize + 1);
    },
    120_000,
  );
});
