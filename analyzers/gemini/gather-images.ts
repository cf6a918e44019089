import type { ImageRef } from '../../contracts/asset.ts';
import { failed, failureRule, ok, type Failure, type Result } from '../../contracts/failures.ts';
import { changePicture } from '../../images/change-picture.ts';
import { pictureChangesOf } from '../../images/picture-changes.ts';
import type { LoadedImage } from '../../images/ports.ts';
import type { AnalyzerFailure, AnalyzerInput } from '../ports.ts';
import type { RequestPart } from './model-request.ts';

export interface GatheredImage {
  readonly part: RequestPart;
  /** ISO 8601. */
  readonly capturedAt?: string;
}

type Gathered = Result<readonly GatheredImage[]> & { readonly retry?: AnalyzerFailure };
type GatherInput = Pick<AnalyzerInput, 'assetId' | 'images' | 'load' | 'settings' | 'signal'>;

/** Google's limit of a whole request is 20 MB; the rest is for words and schema. */
const MOST_INLINE_BYTES = 19_500_000;
/** What Gemini takes; all other pictures are sent as JPEG. */
const TAKEN: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif']);
const TYPES_BY_ENDING: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heif',
};

/**
 * The images of an asset as parts of a request, in their order. With `byReference` those at `gs://` whose name says that Gemini
 * takes them are only named, unless the settings change pictures. One that cannot be read is left out as long as others can be;
 * one that may be readable later ends the call. More bytes than a request may have is `ImageTooLarge`.
 */
export async function gatherImages(input: GatherInput, byReference: boolean): Promise<Gathered> {
  const mayName = byReference && Object.keys(pictureChangesOf(input.settings)).length === 0;
  const images: GatheredImage[] = [];
  const failures: Failure[] = [];
  let inlineBytes = 0;
  for (const ref of input.images) {
    const named = mayName ? nameImage(ref) : undefined;
    if (named) {
      images.push(named);
      continue;
    }
    const loaded = await loadImage(input, ref);
    input.signal.throwIfAborted();
    if (!loaded.ok && failureRule(loaded.failure.name).retry !== 'never') return loaded;
    if (!loaded.ok) {
      failures.push(loaded.failure);
      continue;
    }
    inlineBytes += base64Length(loaded.value.bytes.length);
    if (inlineBytes > MOST_INLINE_BYTES) return tooLarge(input);
    images.push(inlineImage(ref, loaded.value));
  }
  const [first] = failures;
  return images.length === 0 && first ? { ok: false, failure: first } : ok(images);
}

function nameImage({ uri, capturedAt }: ImageRef): GatheredImage | undefined {
  if (!uri.startsWith('gs://')) return undefined;
  const mimeType = TYPES_BY_ENDING[/\.([a-z]+)$/i.exec(uri)?.[1]?.toLowerCase() ?? ''];
  if (mimeType === undefined) return undefined;
  return { part: { fileData: { mimeType, fileUri: uri } }, ...(capturedAt !== undefined && { capturedAt }) };
}

async function loadImage({ load }: GatherInput, ref: ImageRef) {
  const loaded = await load(ref);
  if (!loaded.ok || TAKEN.has(loaded.value.mimeType)) return loaded;
  return changePicture(loaded.value, { reencode: 'jpeg' });
}

/** What the source says of the time goes before what stands in the file. */
function inlineImage(ref: ImageRef, { bytes, mimeType, capturedAt: seenAt }: LoadedImage): GatheredImage {
  const capturedAt = ref.capturedAt ?? seenAt;
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return { part: { inlineData: { mimeType, data } }, ...(capturedAt !== undefined && { capturedAt }) };
}

function base64Length(sizeBytes: number): number {
  return Math.ceil(sizeBytes / 3) * 4;
}

function tooLarge({ assetId, images }: GatherInput): Gathered {
  const many = images.length === 1 ? 'The image' : `The ${images.length} images`;
  const limit = `${MOST_INLINE_BYTES / 1_000_000} MB`;
  return failed(
    'ImageTooLarge',
    `${many} of asset ${assetId} are more than ${limit} as they are sent; set maxSidePx, for example to 2048`,
  );
}
