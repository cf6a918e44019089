import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Asset } from '../../contracts/asset.ts';
import type { OddCells } from '../../contracts/odd-cells.ts';
import type { RunPlace } from '../../contracts/run.ts';
import { StoreMismatchError, StoreUnavailableError } from '../../stores/ports.ts';
import type { ManifestStore } from '../../stores/ports.ts';
import { assetAt, assetsBetween } from './store-samples.ts';

export interface ManifestStoreUnderTest extends AsyncDisposable {
  readonly store: ManifestStore;
  readonly place: RunPlace;
}

/** What every manifest store does; `open` gives an empty one. */
export function manifestStoreSuite(name: string, open: () => Promise<ManifestStoreUnderTest>): void {
  describe(`${name} as a manifest store`, () => {
    let test: ManifestStoreUnderTest;
    beforeEach(async () => {
      test = await open();
    });
    afterEach(async () => test[Symbol.asyncDispose]());

    it('numbers assets in the order they come and gives any window back', async () => {
      const ref = await test.store.freeze(test.place, { assets: () => assetsBetween(0, 1000) });
      expect(ref.rows).toBe(1000);
      expect(await test.store.read(test.place, ref, [{ start: 250, end: 253 }])).toEqual([
        assetAt(250),
        assetAt(251),
        assetAt(252),
      ]);
      const rows = await test.store.read(test.place, ref, [
        { start: 900, end: 901 },
        { start: 3, end: 5 },
        { start: 999, end: 1000 },
      ]);
      expect(rows.map(({ row }) => row)).toEqual([900, 3, 4, 999]);
      expect(await test.store.read(test.place, ref, [])).toEqual([]);
    });

    it('gives every part of an asset back as it was', async () => {
      const asset: Asset = {
        assetId: 'odd "id", 😀\n',
        images: [
          { uri: '/a b.jpg', observationId: 'o1', capturedAt: '2026-01-01T00:00:00Z', generation: '7' },
          { uri: '/ü.png' },
        ],
        location: { latitude: -33.123456789, longitude: 151.2 },
        detectionTime: '2025-12-31T23:59:59Z',
        attributes: { text: "it's \u0000 \ud800", number: 0.1, yes: true, nothing: null },
      };
      const ref = await test.store.freeze(test.place, { assets: () => only(asset) });
      expect(await test.store.read(test.place, ref, [{ start: 0, end: 1 }])).toEqual([{ row: 0, ...asset }]);
    });

    it('adopts a manifest that exists and does not read the assets again', async () => {
      const ref = await test.store.freeze(test.place, { assets: () => assetsBetween(0, 10) });
      expect(await test.store.freeze(test.place, { assets: () => failing(new Error('must not be read')) })).toEqual(
        ref,
      );
      expect(await test.store.find(test.place)).toEqual(ref);
    });

    it('gives what was said of the reading back to whoever adopts it', async () => {
      const first = { line: 4, role: 'time', column: 'seen', text: "it's 'noon' 😀\n" } as const;
      const oddCells: OddCells[] = [];
      const reading = () => ({ source: { kind: 'csv', path: '/a b.csv' } as const, oddCells });
      const ref = await test.store.freeze(test.place, {
        reading,
        async *assets() {
          yield* assetsBetween(0, 10);
          oddCells.push({ count: 2, first });
        },
      });
      expect(ref.reading).toEqual({ source: { kind: 'csv', path: '/a b.csv' }, oddCells: [{ count: 2, first }] });
      const other = () => ({ source: { kind: 'csv', path: '/other.csv' } as const, oddCells: [] });
      expect(await test.store.freeze(test.place, { reading: other, assets: () => assetsBetween(0, 1) })).toEqual(ref);
    });

    it('gives the same digest for the same assets only', async () => {
      const first = await test.store.freeze(test.place, { assets: () => assetsBetween(0, 10) });
      await test.store.drop(test.place);
      const same = await test.store.freeze(test.place, { assets: () => assetsBetween(0, 10) });
      await test.store.drop(test.place);
      const other = await test.store.freeze(test.place, { assets: () => assetsBetween(1, 11) });
      expect({ ...same, uri: first.uri }).toEqual(first);
      expect(other.digest).not.toBe(first.digest);
    });

    it('agrees on one manifest when two freeze at once', async () => {
      const [a, b] = await Promise.all([
        test.store.freeze(test.place, { assets: () => assetsBetween(0, 500) }),
        test.store.freeze(test.place, { assets: () => assetsBetween(100, 400) }),
      ]);
      expect(a).toEqual(b);
      expect(await test.store.read(test.place, a, [{ start: 0, end: a.rows }])).toHaveLength(a.rows);
    });

    it('takes an empty source', async () => {
      const ref = await test.store.freeze(test.place, { assets: () => assetsBetween(0, 0) });
      expect(ref.rows).toBe(0);
      expect(await test.store.find(test.place)).toEqual(ref);
    });

    it('leaves nothing behind when the source fails, and passes its error on', async () => {
      const error = Object.assign(new Error('source has gone'), { code: 'ENOENT' });
      await expect(test.store.freeze(test.place, { assets: () => failing(error) })).rejects.toBe(error);
      expect(await test.store.find(test.place)).toBeUndefined();
      expect((await test.store.freeze(test.place, { assets: () => assetsBetween(0, 3) })).rows).toBe(3);
    });

    it('knows no manifest before freezing and after dropping; dropping twice is fine', async () => {
      expect(await test.store.find(test.place)).toBeUndefined();
      await test.store.freeze(test.place, { assets: () => assetsBetween(0, 3) });
      await test.store.drop(test.place);
      await test.store.drop(test.place);
      expect(await test.store.find(test.place)).toBeUndefined();
    });

    it('refuses rows outside of the manifest', async () => {
      const ref = await test.store.freeze(test.place, { assets: () => assetsBetween(0, 10) });
      const reading = test.store.read(test.place, ref, [{ start: 8, end: 12 }]);
      await expect(reading).rejects.toThrow(StoreMismatchError);
      await expect(reading).rejects.toThrow(/Row 10/);
    });

    it('refuses to read a manifest other than the planned one', async () => {
      const ref = await test.store.freeze(test.place, { assets: () => assetsBetween(0, 10) });
      const reading = test.store.read(test.place, { ...ref, digest: 'f'.repeat(32) }, [{ start: 0, end: 1 }]);
      await expect(reading).rejects.toThrow(StoreMismatchError);
    });

    it('waits for a manifest that was removed, and says so: what was paid for is not lost with it', async () => {
      const ref = await test.store.freeze(test.place, { assets: () => assetsBetween(0, 10) });
      await test.store.drop(test.place);
      const reading = test.store.read(test.place, ref, [{ start: 0, end: 1 }]);
      await expect(reading).rejects.toThrow(StoreUnavailableError);
      await expect(reading).rejects.toThrow(/Bring it back and the run goes on/);
    });
  });
}

async function* only(asset: Asset): AsyncGenerator<Asset> {
  yield await Promise.resolve(asset);
}

async function* failing(error: Error): AsyncGenerator<Asset> {
  yield* assetsBetween(0, 2);
  throw await Promise.resolve(error);
}
