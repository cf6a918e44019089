import type { ImageRef } from '../../contracts/asset.ts';
import { failed, failureRule, ok, type Failure, type Result } from '../../contracts/failures.ts';
import { changePicture } from '../../images/change-picture.ts';
import { pictureChangesOf, type PictureChanges } from '../../images/picture-changes.ts';
import type { AnalyzerFailure, AnalyzerInput } from '../ports.ts';
import type { RequestPart } from './model-request.ts';

export interface GatheredImage {
  readonly part: RequestPart;
  /** ISO 8601. */
  readonly capturedAt?: string;
}

type Gathered = Result<readonly GatheredImage[]> & { readonly retry?: AnalyzerFailure };
type GatherInput = Pick<AnalyzerInput, 'assetId' | 'images' | 'load' | 'look' | 'settings' | 'signal'>;

/** Google's limit of a whole request is 20 MB; the rest is for words and schema. */
const MOST_INLINE_BYTES = 19_500_000;
/** Gemini scales larger pictures down to this side itself (its documentation on image understanding). */
const SMALLER: PictureChanges = { maxSidePx: 3_072, reencode: 'jpeg' };
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
 * The images of an asset as parts of a request, in their order. With `byReference` those at `gs://` whose bucket says that Gemini
 * takes them are only named, unless the settings change pictures, or another than the newest is wanted. One that cannot be read
 * is left out as long as others can be; one that may be readable later ends the call. More bytes than a request may have are sent
 * as smaller pictures; when that does not do, it is `ImageTooLarge`.
 */
export async function gatherImages(input: GatherInput, byReference: boolean): Promise<Gathered> {
  const mayName = byReference && Object.keys(pictureChangesOf(input.settings)).length === 0;
  return (await gather(input, mayName, {})) ?? (await gather(input, mayName, SMALLER)) ?? tooLarge(input);
}

/** Null: they are too large together. */
async function gather(input: GatherInput, mayName: boolean, changes: PictureChanges): Promise<Gathered | null> {
  const images: GatheredImage[] = [];
  const failures: Failure[] = [];
  let inlineBytes = 0;
  for (const ref of input.images) {
    const got = await (mayName && ref.uri.startsWith('gs://')
      ? nameOrInline(input, ref, changes)
      : inlineImage(input, ref, changes));
    input.signal.throwIfAborted();
    if (!got.ok && failureRule(got.failure.name).retry !== 'never') return got;
    if (!got.ok) {
      failures.push(got.failure);
      continue;
    }
    const { part } = got.value;
    inlineBytes += 'inlineData' in part ? part.inlineData.data.length : 0;
    if (inlineBytes > MOST_INLINE_BYTES) return null;
    images.push(got.value);
  }
  const [first] = failures;
  return images.length === 0 && first ? { ok: false, failure: first } : ok(images);
}

type GatheredOne = Result<GatheredImage> & { readonly retry?: AnalyzerFailure };

async function nameOrInline(input: GatherInput, ref: ImageRef, changes: PictureChanges): Promise<GatheredOne> {
  const looked = await input.look(ref);
  if (!looked.ok) return looked;
  const { contentType, contentEncoding, generation } = looked.value;
  const mimeType = TAKEN.has(contentType) ? contentType : typeByName(contentType, ref.uri);
  // The model reads the newest, as it is stored.
  const isOther = ref.generation !== undefined && ref.generation !== generation;
  if (mimeType === undefined || contentEncoding !== '' || isOther) return inlineImage(input, ref, changes);
  return ok({ part: { fileData: { mimeType, fileUri: ref.uri } }, ...capturedAt(ref.capturedAt) });
}

/** Of an object to which nobody gave a type. */
function typeByName(contentType: string, uri: string): string | undefined {
  if (contentType.startsWith('image/')) return undefined;
  return TYPES_BY_ENDING[/\.([a-z]+)$/i.exec(uri)?.[1]?.toLowerCase() ?? ''];
}

async function inlineImage(input: GatherInput, ref: ImageRef, changes: PictureChanges): Promise<GatheredOne> {
  const found = await input.load(ref);
  if (!found.ok) return found;
  const wanted = TAKEN.has(found.value.mimeType) ? changes : { reencode: 'jpeg' as const, ...changes };
  const loaded = await changePicture(found.value, wanted);
  if (!loaded.ok) return loaded;
  const { bytes, mimeType, capturedAt: seenAt } = loaded.value;
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  // What the source says of the time goes before what stands in the file.
  return ok({ part: { inlineData: { mimeType, data } }, ...capturedAt(ref.capturedAt ?? seenAt) });
}

function capturedAt(time: string | undefined): { capturedAt?: string } {
  return time === undefined ? {} : { capturedAt: time };
}

function tooLarge({ assetId, images }: GatherInput): Gathered {
  const many = images.length === 1 ? 'The image' : `The ${images.length} images`;
  const limit = `${MOST_INLINE_BYTES / 1_000_000} MB`;
  return failed(
    'ImageTooLarge',
    `${many} of asset ${assetId} are more than ${limit} also as JPEG of at most ${SMALLER.maxSidePx} px; set maxSidePx, for example to 1024`,
  );
}
