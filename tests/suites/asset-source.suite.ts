import { describe, expect, it } from 'vitest';
import type { Asset } from '../../contracts/asset.ts';
import type { SourceSpec } from '../../contracts/source.ts';
import { SourceError, type AssetSource, type Reject } from '../../sources/ports.ts';

export interface SourceCases<Spec extends SourceSpec> {
  readonly source: AssetSource<Spec>;
  /** A source with three assets, one of them with two images where the kind can say so, and one rejected entry. */
  readonly good: (folder: string) => Promise<Spec>;
  /** Nothing is there. */
  readonly missing: (folder: string) => Spec;
  /** Something is there, but it holds no assets. */
  readonly empty: (folder: string) => Promise<Spec>;
  readonly temporaryFolder: () => Promise<AsyncDisposable & { readonly path: string }>;
}

/** Reads a source to its end. */
export async function readAll<Spec extends SourceSpec>(
  source: AssetSource<Spec>,
  spec: Spec,
): Promise<{ readonly assets: readonly Asset[]; readonly rejects: readonly Reject[] }> {
  const rejects: Reject[] = [];
  const assets: Asset[] = [];
  for await (const asset of source.assets(spec, (reject) => rejects.push(reject))) assets.push(asset);
  return { assets, rejects };
}

/** What every source does. */
export function assetSourceSuite<Spec extends SourceSpec>(name: string, cases: SourceCases<Spec>): void {
  const { source } = cases;

  describe(`${name} as an asset source`, () => {
    it('yields each asset once, with absolute image paths, the same each time', async () => {
      await using folder = await cases.temporaryFolder();
      const spec = await cases.good(folder.path);
      const first = await readAll(source, spec);
      expect(first.assets).toHaveLength(3);
      expect(new Set(first.assets.map(({ assetId }) => assetId)).size).toBe(3);
      for (const { images } of first.assets)
        for (const { uri } of images) expect(uri.startsWith(`${folder.path}/`)).toBe(true);
      expect(await readAll(source, spec)).toEqual(first);
    });

    it('reports each rejected entry with its reason', async () => {
      await using folder = await cases.temporaryFolder();
      const { rejects } = await readAll(source, await cases.good(folder.path));
      expect(rejects).toHaveLength(1);
      expect(rejects[0]?.reason).toMatch(/\w{3}/);
    });

    it('describes what it yields', async () => {
      await using folder = await cases.temporaryFolder();
      const spec = await source.settle(await cases.good(folder.path));
      const { assets, rejects } = await readAll(source, spec);
      expect(await source.describe(spec)).toMatchObject({
        ok: true,
        value: {
          spec,
          assets: 3,
          images: assets.reduce((sum, { images }) => sum + images.length, 0),
          rejected: 1,
          duplicates: rejects.filter(({ kind }) => kind === 'duplicate').length,
          rejects,
          sample: assets,
          oddCells: [],
        },
      });
    });

    it('lets a watch see all that it describes', async () => {
      await using folder = await cases.temporaryFolder();
      const spec = await cases.good(folder.path);
      const assets: Asset[] = [];
      const rejects: Reject[] = [];
      await source.describe(spec, {
        onAsset: (asset) => assets.push(asset),
        onReject: (reject) => rejects.push(reject),
      });
      expect({ assets, rejects }).toEqual(await readAll(source, spec));
    });

    it('settles what was left open, once and for all', async () => {
      await using folder = await cases.temporaryFolder();
      const spec = await cases.good(folder.path);
      const settled = await source.settle(spec);
      expect(await source.settle(settled)).toEqual(settled);
      expect(await readAll(source, settled)).toEqual(await readAll(source, spec));
    });

    it('can be left before its end', async () => {
      await using folder = await cases.temporaryFolder();
      for await (const asset of source.assets(await cases.good(folder.path), () => {})) {
        expect(asset.assetId).not.toBe('');
        break;
      }
    });

    it('refuses a place where nothing is, by name', async () => {
      await using folder = await cases.temporaryFolder();
      const spec = cases.missing(folder.path);
      await expect(readAll(source, spec)).rejects.toThrow(SourceError);
      expect(await source.describe(spec)).toMatchObject({
        ok: false,
        failure: { name: 'InvalidRequest', message: expect.stringContaining(spec.path) },
      });
    });

    it('refuses a place without assets, by name', async () => {
      await using folder = await cases.temporaryFolder();
      const spec = await cases.empty(folder.path);
      await expect(readAll(source, spec)).rejects.toThrow(SourceError);
      expect(await source.describe(spec)).toMatchObject({
        ok: false,
        failure: { name: 'InvalidRequest', message: expect.stringContaining(spec.path) },
      });
    });
  });
}
