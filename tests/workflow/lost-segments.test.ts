import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { loseSegments } from '../support/lose-segments.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

let rig: Rig;

useRig((started) => (rig = started), {}, { obstruct: loseSegments });

it('stages again what its store has lost, in each of its shards, and pays for no asset twice', async () => {
  const callLog = join(rig.dir, 'calls');
  const handle = await rig.startRun('losing', {
    source: await rig.makeCsv(40),
    analyzer: { kind: 'noop', settings: { callLog } },
    limits: { shardSize: 20, insertBatch: 5, assetsInFlight: 4 },
  });
  const summary = (await handle.result()) as RunSummary;
  expect(summary.counts).toMatchObject({ total: 40, succeeded: 40 });
  const assets = (await rig.rows(summary)).map((row) => row['asset_id']);
  expect([assets.length, new Set(assets).size]).toEqual([40, 40]);
  expect(await rig.calls(callLog)).toHaveLength(40);
});
