import pLimit from 'p-limit';
import { imageLimitsOf } from '../config/image-limits.ts';
import type { Asset } from '../contracts/asset.ts';
import type { Failure } from '../contracts/failures.ts';
import type { CliContext } from './cli-context.ts';
import { settingsOf } from './open-worker.ts';

/** Whether an image can be read; `failure` is absent when it can. */
export interface ImageLook {
  readonly assetId: string;
  readonly uri: string;
  readonly failure?: Failure;
}

const AT_ONCE = 8;

/** Opens the first images of some assets, up to `most`. */
export async function lookAtImages(
  context: CliContext,
  assets: readonly Asset[],
  most: number,
): Promise<readonly ImageLook[]> {
  const wanted = assets.flatMap(({ assetId, images }) => images.map((image) => ({ assetId, image }))).slice(0, most);
  if (wanted.length === 0) return [];
  const { openGoogle } = await import('../google/open-google.ts');
  const { openImageDesks } = await import('../workers/open-image-desks.ts');
  const settings = settingsOf(context);
  await using desks = openImageDesks(settings, openGoogle(settings));
  const limits = imageLimitsOf(settings);
  const signal = new AbortController().signal;
  const limit = pLimit(AT_ONCE);
  return await Promise.all(
    wanted.map(({ assetId, image }) =>
      limit(async () => {
        using desk = desks.open({ limits, changes: {}, signal });
        const loaded = await desk.load(image);
        return loaded.ok ? { assetId, uri: image.uri } : { assetId, uri: image.uri, failure: loaded.failure };
      }),
    ),
  );
}
