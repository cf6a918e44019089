import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { gatherImages } from '../../../analyzers/gemini/gather-images.ts';
import { failed, ok } from '../../../contracts/failures.ts';
import type { ImageFacts, LoadedImage, LoadResult, LookResult } from '../../../images/ports.ts';
import { FACTS } from '../../suites/analyzer.suite.ts';

const tiff = await sharp({ create: { width: 8, height: 6, channels: 3, background: '#446' } })
  .tiff()
  .toBuffer();

function loaded(uri: string, change: Partial<LoadedImage> = {}): LoadResult {
  const bytes = new Uint8Array([1, 2, 3]);
  return ok({ uri, bytes, mimeType: 'image/jpeg', widthPx: 8, heightPx: 6, sha256: '', ...change });
}

interface Choice {
  readonly byReference?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly answers?: Readonly<Record<string, LoadResult>>;
  readonly signal?: AbortSignal;
  /** What the bucket says of each image. */
  readonly facts?: Partial<ImageFacts> | Extract<LookResult, { readonly ok: false }>;
  /** Wanted of each image. */
  readonly generation?: string;
}

async function gather(
  uris: readonly string[],
  { byReference = true, settings = {}, answers = {}, signal, facts = {}, generation }: Choice = {},
) {
  const loads: string[] = [];
  const images = await gatherImages(
    {
      assetId: 'a',
      images: uris.map((uri) => ({ uri, ...(generation !== undefined && { generation }) })),
      load: async ({ uri }) => {
        loads.push(uri);
        return answers[uri] ?? loaded(uri);
      },
      look: async () => ('failure' in facts ? facts : ok({ ...FACTS, ...facts })),
      settings,
      signal: signal ?? new AbortController().signal,
    },
    byReference,
  );
  return { loads, images };
}

const inline = { part: { inlineData: { mimeType: 'image/jpeg', data: 'AQID' } } };

describe('images at gs://', () => {
  it.each([
    ['gs://b/a:b 1.jpg', 'image/jpeg'],
    ['gs://b/x.JPEG', 'image/jpeg'],
    ['gs://b/x.png', 'image/png'],
    ['gs://b/x.webp', 'image/webp'],
    ['gs://b/x.heic', 'image/heic'],
  ])('are named and not moved: %s', async (fileUri, mimeType) => {
    const named = { loads: [], images: ok([{ part: { fileData: { mimeType, fileUri } } }]) };
    expect(await gather([fileUri])).toEqual(named);
    expect(await gather([fileUri], { generation: '7' })).toEqual(named);
  });

  it('have the type that their bucket says, whatever their name does', async () => {
    const fileUri = 'gs://b/x.png';
    expect(await gather([fileUri], { facts: { contentType: 'image/webp' } })).toEqual({
      loads: [],
      images: ok([{ part: { fileData: { mimeType: 'image/webp', fileUri } } }]),
    });
  });

  it('that cannot be looked at are not read either', async () => {
    const facts = failed('ImageMissing', 'it is not there');
    expect(await gather(['gs://b/x.jpg'], { facts })).toEqual({ loads: [], images: facts });
  });

  it.each([
    ['whose ending is not taken', 'gs://b/x.tif', {}],
    ['whose type is not taken', 'gs://b/x.jpg', { facts: { contentType: 'image/tiff' } }],
    ['that are stored compressed', 'gs://b/x.jpg', { facts: { contentEncoding: 'gzip' } }],
    ['of which another than the newest is wanted', 'gs://b/x.jpg', { generation: '5' }],
    ['whose name says nothing', 'gs://b/x', {}],
    ['for the Gemini API, which does not read them', 'gs://b/x.jpg', { byReference: false }],
    ['that are to be scaled down', 'gs://b/x.jpg', { settings: { maxSidePx: 512 } }],
  ])('are read here: those %s', async (_, uri, choice) => {
    expect(await gather([uri], choice)).toEqual({ loads: [uri], images: ok([inline]) });
  });
});

describe('other images', () => {
  it('are sent as they are, with the type of their bytes', async () => {
    const png = { '/x.jpg': loaded('/x.jpg', { mimeType: 'image/png', capturedAt: '2025-01-01T00:00:00Z' }) };
    expect((await gather(['/x.jpg'], { answers: png })).images).toEqual(
      ok([{ part: { inlineData: { mimeType: 'image/png', data: 'AQID' } }, capturedAt: '2025-01-01T00:00:00Z' }]),
    );
  });

  it('of types that Gemini does not take are sent as JPEG', async () => {
    const answers = { '/x.tif': loaded('/x.tif', { mimeType: 'image/tiff', bytes: tiff }) };
    const { images } = await gather(['/x.tif'], { answers });
    expect(images).toMatchObject({ value: [{ part: { inlineData: { mimeType: 'image/jpeg' } } }] });
    const [image] = images.ok ? images.value : [];
    const { data } = (image!.part as { inlineData: { data: string } }).inlineData;
    expect(await sharp(Buffer.from(data, 'base64')).metadata()).toMatchObject({ format: 'jpeg', width: 8, height: 6 });
  });

  it('keep their order beside those that are named', async () => {
    const { images } = await gather(['/1.jpg', 'gs://b/2.jpg', '/3.jpg']);
    expect(images.ok && images.value.map(({ part }) => Object.keys(part)[0])).toEqual([
      'inlineData',
      'fileData',
      'inlineData',
    ]);
  });

  const noise = { widthPx: 3_200, heightPx: 800, mimeType: 'image/png' };
  const many = Array.from({ length: 20 }, (_, index) => `/${index}.png`);
  const noisy = async () => {
    const raw = { width: noise.widthPx, height: noise.heightPx, channels: 3 } as const;
    const bytes = await sharp(randomBytes(raw.width * raw.height * 3), { raw })
      .png({ compressionLevel: 0 })
      .toBuffer();
    return Object.fromEntries(many.map((uri) => [uri, loaded(uri, { ...noise, bytes })]));
  };

  it('that are too large together for one request are sent smaller', async () => {
    const answers = await noisy();
    const alone = (await gather(many.slice(0, 1), { answers })).images;
    expect(alone).toMatchObject({ value: [{ part: { inlineData: { mimeType: 'image/png' } } }] });
    const { images, loads } = await gather(many.slice(0, 2), { answers });
    expect(loads).toEqual(['/0.png', '/1.png', '/0.png', '/1.png']);
    if (!images.ok) throw new Error(images.failure.message);
    for (const { part } of images.value) {
      const { inlineData } = part as { inlineData: { data: string; mimeType: string } };
      expect(inlineData.mimeType).toBe('image/jpeg');
      expect(await sharp(Buffer.from(inlineData.data, 'base64')).metadata()).toMatchObject({
        width: 3_072,
        height: 768,
      });
    }
  });

  it('that are too large also when they are smaller are refused with what to set', async () => {
    expect((await gather(many, { answers: await noisy() })).images).toEqual({
      ok: false,
      failure: {
        name: 'ImageTooLarge',
        message:
          'The 20 images of asset a are more than 19.5 MB also as JPEG of at most 3072 px; set maxSidePx, for example to 1024',
      },
    });
  });
});

describe('images that cannot be read', () => {
  const missing = failed('ImageMissing', '/2.jpg');
  it('are left out as long as others can be', async () => {
    expect((await gather(['/1.jpg', '/2.jpg'], { answers: { '/2.jpg': missing } })).images).toEqual(ok([inline]));
  });

  it('skip the asset with the first failure when none can be', async () => {
    const answers = { '/1.jpg': failed('ImageUnreadable', '/1.jpg'), '/2.jpg': missing };
    expect((await gather(['/1.jpg', '/2.jpg'], { answers })).images).toEqual(failed('ImageUnreadable', '/1.jpg'));
  });

  it('but may be later end the call, with the wait', async () => {
    const away: LoadResult = { ...failed('FetchFailed', '/1.jpg'), retry: { waitMs: 500, unpaid: true } };
    expect(await gather(['/1.jpg', '/2.jpg'], { answers: { '/1.jpg': away } })).toEqual({
      loads: ['/1.jpg'],
      images: away,
    });
  });

  it('are not read any more when the answer is not wanted', async () => {
    const reason = new Error('not wanted');
    await expect(gather(['/1.jpg'], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
