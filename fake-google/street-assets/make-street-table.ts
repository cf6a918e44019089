import { seededRandom } from '../seeded-random.ts';
import { makeStreetAsset } from './make-street-asset.ts';
import { inOlderSnapshot, oddityOf, withOddity } from './oddities.ts';
import type { Oddity } from './oddities.ts';
import { EMPTY_ASSETS_PER_ASSET } from './street-distributions.ts';
import type { Asset, Observation } from './street-rows.ts';

export interface StreetOptions {
  /** Assets with observations, 10 to 500,000. */
  readonly assets: number;
  readonly seed: string;
  readonly bucket: string;
}

/** What one asset brings into the tables. */
export interface StreetEntry {
  readonly oddity: Oddity | undefined;
  /** Rows of the newest snapshot, then of the older one; an asset without observations has none. */
  readonly latest: readonly Observation[];
  readonly older: readonly Observation[];
  readonly asset: Asset;
}

export const NEWEST_SNAPSHOT = '5b0e2f7a-3c41-4d9e-8a62-1f7d90c4e8b3';
export const OLDER_SNAPSHOT = '0c9d47e1-6b2f-4f38-9a15-7e3b52d8c640';
const FEWEST = 10;
const MOST = 500_000;
const SHARE_IN_OLDER = 0.7;

/** Yields the assets of a table one by one: first those with observations, then those without. Throws `RangeError`. */
export function* makeStreetTable({ assets, seed, bucket }: StreetOptions): Generator<StreetEntry> {
  if (!Number.isInteger(assets) || assets < FEWEST || assets > MOST) {
    throw new RangeError(`A table of street assets has ${FEWEST} to ${MOST} assets, not ${assets}`);
  }
  const empty = Math.round(assets * EMPTY_ASSETS_PER_ASSET);
  for (let number = 0; number < assets + empty; number++) {
    yield number < assets ? entryOf(number, seed, bucket) : emptyEntry(number, seed, bucket);
  }
}

function entryOf(number: number, seed: string, bucket: string): StreetEntry {
  const oddity = oddityOf(number);
  const plan = { seed, bucket, number, snapshotId: NEWEST_SNAPSHOT };
  const made = makeStreetAsset(oddity === 'ten-images' ? { ...plan, observations: 10 } : plan);
  const isInOlder = oddity === 'moved-location' || seededRandom(seed, 'older', number)() < SHARE_IN_OLDER;
  return {
    oddity,
    asset: made.asset,
    latest: withOddity(made, oddity),
    older: isInOlder ? inOlderSnapshot(made.observations, OLDER_SNAPSHOT, oddity) : [],
  };
}

function emptyEntry(number: number, seed: string, bucket: string): StreetEntry {
  const { asset } = makeStreetAsset({ seed, bucket, number, snapshotId: NEWEST_SNAPSHOT, observations: 0 });
  return { oddity: undefined, asset, latest: [], older: [] };
}
