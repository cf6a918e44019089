import type { Asset } from '../contracts/asset.ts';
import { failed, ok, type Result } from '../contracts/failures.ts';
import { withOddCell, type OddCells } from '../contracts/odd-cells.ts';
import type { SourceSpec } from '../contracts/source.ts';
import { SourceError } from './ports.ts';
import type { AssetSource, OnReject, Reject, SourceDescription, SourceWatch } from './ports.ts';

const SHOWN = 5;

/** Reads a source to its end and says what is there, keeping the first few only. */
export async function describeSource<Spec extends SourceSpec>(
  source: Pick<AssetSource<Spec>, 'settle' | 'assets'>,
  open: Spec,
  watch: SourceWatch = {},
): Promise<Result<SourceDescription<Spec>>> {
  const sample: Asset[] = [];
  const rejects: Reject[] = [];
  let oddCells: readonly OddCells[] = [];
  let [assets, images, rejected, duplicates] = [0, 0, 0, 0];
  const onReject: OnReject = (reject) => {
    rejected++;
    if (reject.kind === 'duplicate') duplicates++;
    if (rejects.length < SHOWN) rejects.push(reject);
    watch.onReject?.(reject);
  };
  try {
    const spec = await source.settle(open);
    for await (const asset of source.assets(spec, onReject, (cell) => (oddCells = withOddCell(oddCells, cell)))) {
      assets++;
      images += asset.images.length;
      if (sample.length < SHOWN) sample.push(asset);
      watch.onAsset?.(asset);
    }
    return ok({ spec, assets, images, rejected, duplicates, rejects, sample, oddCells });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return failed(error.failure, error.message);
  }
}
