import type { AssetRef, RowRange } from '../contracts/asset.ts';
import { toRanges } from '../contracts/ranges.ts';
import type { ManifestRef, RunPlace } from '../contracts/run.ts';
import type { ManifestStore } from '../stores/ports.ts';

/** Assets kept at most; about 1 KB each. */
const MOST_ASSETS = 20_000;

export interface AssetCache {
  /** Reads assets from the manifest and remembers them for the time they are staged. */
  read(
    manifests: ManifestStore,
    place: RunPlace,
    manifest: ManifestRef,
    ranges: readonly RowRange[],
  ): Promise<readonly AssetRef[]>;
  /** The assets of these rows, from memory or from the manifest. */
  take(
    manifests: ManifestStore,
    place: RunPlace,
    manifest: ManifestRef,
    rows: readonly number[],
  ): Promise<ReadonlyMap<number, AssetRef>>;
}

/** A manifest never changes, so what a worker read when a shard began need not be read again when its rows are written. */
export function createAssetCache(): AssetCache {
  const kept = new Map<string, AssetRef>();
  return {
    async read(manifests, place, manifest, ranges) {
      const assets = await manifests.read(place, manifest, ranges);
      for (const asset of assets) keep(`${manifest.uri} ${asset.row}`, asset);
      return assets;
    },
    async take(manifests, place, manifest, rows) {
      const found = new Map<number, AssetRef>();
      for (const row of rows) {
        const asset = kept.get(`${manifest.uri} ${row}`);
        if (asset) found.set(row, asset);
      }
      const missing = rows.filter((row) => !found.has(row));
      if (missing.length > 0) {
        for (const asset of await manifests.read(place, manifest, toRanges(missing))) found.set(asset.row, asset);
      }
      return found;
    },
  };

  function keep(key: string, asset: AssetRef): void {
    kept.set(key, asset);
    if (kept.size <= MOST_ASSETS) return;
    const oldest = kept.keys().next();
    if (!oldest.done) kept.delete(oldest.value);
  }
}
