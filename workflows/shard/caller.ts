import { CancellationScope } from '@temporalio/workflow';
import type { AssetPage } from '../../contracts/activities.ts';
import type { AssetRef, RowRange } from '../../contracts/asset.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { ShardInput } from '../../contracts/shard.ts';
import { laneActivities, storeActivities } from '../activity-proxies.ts';
import type { Page, ShardEvent } from './events.ts';
import { readFailure } from './read-failure.ts';

export interface Caller {
  /** Keeps assets that were read. */
  take(page: AssetPage): Page;
  /** Reads the next assets and feeds a page. */
  read(ranges: readonly RowRange[], maxRows: number): Promise<void>;
  /**
   * One call for one asset; feeds how it ended, whatever happens. Undefined when somebody else waits for its end: then they
   * reject when the shard cannot go on.
   */
  call(row: number, priorAttempts: number): Promise<void> | undefined;
  /** The asset of this row is not needed any more. */
  forget(row: number): void;
  /** Calls off everything that is scheduled or under way. */
  abort(): void;
}

interface Call {
  readonly asset: AssetRef;
  readonly answer: Promise<Outcome>;
}

/** Holds the assets that were read and calls the analyzer for them. */
export function createCaller({ plan, shard, leftovers }: ShardInput, feed: (event: ShardEvent) => void): Caller {
  const { runId, spec, place, manifest } = plan;
  const [laneName = 'local'] = plan.lanes;
  const lane = laneActivities(laneName, runId);
  const elsewhere = place.store.kind === 'parquet' ? {} : { store: place.store };
  const assets = new Map<number, AssetRef>();
  const calls = new CancellationScope();
  /** While the end of a call is fed: the call that follows on it. */
  let next: Call | null = null;
  let feeding = false;

  return {
    take,
    async read(ranges, maxRows) {
      const page = await storeActivities.readPage({ place, manifest, ranges, maxRows });
      feed({ kind: 'page', ...take(page) });
    },
    call(row, priorAttempts) {
      if (feeding && next === null) {
        next = begin(row, priorAttempts);
        return undefined;
      }
      return calls.run(() => follow(begin(row, priorAttempts)));
    },
    forget(row) {
      assets.delete(row);
    },
    abort() {
      calls.cancel();
    },
  };

  function take(page: AssetPage): Page {
    for (const asset of page.assets) assets.set(asset.row, asset);
    return { rows: page.assets.map(({ row }) => row), rest: page.rest, leftovers, nowMs: Date.now() };
  }

  function begin(row: number, priorAttempts: number): Call {
    const asset = assets.get(row);
    if (!asset) throw new Error(`row ${row} is dispatched before it was read`);
    return { asset, answer: lane.analyzeAsset({ runId, shard, spec, asset, priorAttempts, ...elsewhere }) };
  }

  /**
   * Waits for a call, then for the one that its end made room for, and so on. The SDK takes a stack trace of every promise of
   * a workflow, so a scope and a function of its own for each call are not free.
   */
  async function follow(first: Call): Promise<void> {
    for (let call: Call | null = first; call !== null; call = next) {
      let event: ShardEvent;
      try {
        event = { kind: 'settled', outcome: await call.answer };
      } catch (error) {
        event = afterError(error, call.asset);
      }
      next = null;
      feeding = true;
      feed(event);
      feeding = false;
    }
  }

  function afterError(error: unknown, { row, assetId }: AssetRef): ShardEvent {
    const end = readFailure(error);
    if (end.kind === 'withdrawn') return { kind: 'withdrawn', row };
    return { ...end, row, assetId, model: plan.request.analyzer.model, nowMs: Date.now() };
  }
}
