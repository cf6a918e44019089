import type { Asset } from '../contracts/asset.ts';
import { failed, ok, type Result } from '../contracts/failures.ts';
import { SourceError, type OnReject, type Reject, type SourceDescription } from './ports.ts';

const SHOWN = 5;

/** Reads a source to its end and says what is there, keeping the first few only. */
export async function describeAssets(
  read: (onReject: OnReject) => AsyncIterable<Asset>,
): Promise<Result<SourceDescription>> {
  const sample: Asset[] = [];
  const rejects: Reject[] = [];
  let assets = 0;
  let images = 0;
  let rejected = 0;
  const onReject: OnReject = (reject) => {
    rejected++;
    if (rejects.length < SHOWN) rejects.push(reject);
  };
  try {
    for await (const asset of read(onReject)) {
      assets++;
      images += asset.images.length;
      if (sample.length < SHOWN) sample.push(asset);
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return failed(error.failure, error.message);
  }
  return ok({ assets, images, rejected, rejects, sample });
}
