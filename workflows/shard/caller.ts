import { CancellationScope } from '@temporalio/workflow';
import type { AssetRef, RowRange } from '../../contracts/asset.ts';
import type { ShardInput } from '../../contracts/shard.ts';
import { laneActivities, storeActivities } from '../activity-proxies.ts';
import type { ShardEvent } from './events.ts';
import { readFailure } from './read-failure.ts';

export interface Caller {
  /** Reads the next assets and feeds a page. */
  read(ranges: readonly RowRange[], maxRows: number): Promise<void>;
  /** One call for one asset; feeds how it ended, whatever happens. */
  call(row: number, priorAttempts: number): Promise<void>;
  /** The asset of this row is not needed any more. */
  forget(row: number): void;
  /** Calls off everything that is scheduled or under way. */
  abort(): void;
}

/** Holds the assets that were read and calls the analyzer for them. */
export function createCaller({ plan, shard, leftovers }: ShardInput, feed: (event: ShardEvent) => void): Caller {
  const { runId, spec, place, manifest } = plan;
  const [laneName = 'local'] = plan.lanes;
  const lane = laneActivities(laneName, runId);
  const assets = new Map<number, AssetRef>();
  const calls = new CancellationScope();

  return {
    async read(ranges, maxRows) {
      const page = await storeActivities.readPage({ place, manifest, ranges, maxRows });
      for (const asset of page.assets) assets.set(asset.row, asset);
      const rows = page.assets.map(({ row }) => row);
      feed({ kind: 'page', rows, rest: page.rest, leftovers, nowMs: Date.now() });
    },
    async call(row, priorAttempts) {
      const asset = assets.get(row);
      if (!asset) throw new Error(`row ${row} is dispatched before it was read`);
      try {
        const outcome = await calls.run(() => lane.analyzeAsset({ runId, shard, spec, asset, priorAttempts }));
        feed({ kind: 'settled', outcome });
      } catch (error) {
        const end = readFailure(error);
        if (end.kind === 'withdrawn') return feed({ kind: 'withdrawn', row });
        feed({ ...end, row, assetId: asset.assetId, model: plan.request.analyzer.model, nowMs: Date.now() });
      }
    },
    forget(row) {
      assets.delete(row);
    },
    abort() {
      calls.cancel();
    },
  };
}
