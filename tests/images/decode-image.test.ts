import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../images/decode-image.ts';
import type { DecodedImage, LoadedImage } from '../../images/ports.ts';
import { FORMATS, encode, jpegClaiming, noise, redAndBlue } from './sample-images.ts';
import sharp from 'sharp';

function loaded(bytes: Uint8Array, widthPx: number, heightPx: number): LoadedImage {
  return { uri: '/photos/a.jpg', bytes, mimeType: 'image/jpeg', widthPx, heightPx, sha256: '' };
}

async function decode(bytes: Uint8Array, widthPx: number, heightPx: number, maxSidePx = 1536): Promise<DecodedImage> {
  const result = await decodeImage(loaded(bytes, widthPx, heightPx), { maxSidePx });
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

function pixelAt({ pixels, widthPx }: DecodedImage, x: number, y: number): readonly number[] {
  return [...pixels.subarray((y * widthPx + x) * 3, (y * widthPx + x) * 3 + 3)];
}

describe('decoding an image', () => {
  it.each(FORMATS)('decodes %s to 8-bit pixels', async (format) => {
    const picture = await decode(await encode(noise(60, 30), format), 60, 30);
    expect(picture).toMatchObject({ widthPx: 60, heightPx: 30, channels: 3 });
    expect(picture.pixels).toHaveLength(60 * 30 * 3);
  });

  it('scales down to the longest side and never up', async () => {
    const bytes = await encode(noise(600, 300), 'jpeg');
    expect(await decode(bytes, 600, 300, 200)).toMatchObject({ widthPx: 200, heightPx: 100 });
    expect(await decode(bytes, 600, 300, 1000)).toMatchObject({ widthPx: 600, heightPx: 300 });
  });

  it.each([
    [1, [10, 20], [70, 20]],
    [3, [70, 20], [10, 20]],
    [6, [20, 10], [20, 70]],
    [8, [20, 70], [20, 10]],
  ] as const)('turns EXIF orientation %i upright', async (orientation, red, blue) => {
    const picture = await decode(await redAndBlue(orientation), 80, 40);
    const [r = 0, , b = 0] = pixelAt(picture, red[0], red[1]);
    expect(r).toBeGreaterThan(b + 100);
    const [r2 = 0, , b2 = 0] = pixelAt(picture, blue[0], blue[1]);
    expect(b2).toBeGreaterThan(r2 + 100);
  });

  it.each([
    ['grey', () => noise(20, 20).toColourspace('b-w').png()],
    ['16 bit', () => noise(20, 20).toColourspace('rgb16').png()],
    ['CMYK', () => noise(20, 20).toColourspace('cmyk').jpeg()],
    ['palette', () => noise(20, 20).png({ palette: true })],
    ['progressive', () => noise(20, 20).jpeg({ progressive: true })],
  ] as const)('gives sRGB for %s', async (_, make) => {
    const picture = await decode(await make().toBuffer(), 20, 20);
    expect(picture).toMatchObject({ widthPx: 20, heightPx: 20, channels: 3 });
    expect(picture.pixels).toHaveLength(1200);
  });

  it('refuses half a picture also while others are decoded, whose ends empty the text of the decoder', async () => {
    const half = loaded(await jpegClaiming(400, 400), 400, 400);
    const results = await Promise.all(Array.from({ length: 200 }, () => decodeImage(half, { maxSidePx: 100 })));
    const reason = /premature end of data segment/;
    expect(results.filter((result) => result.ok || !reason.test(result.failure.message))).toEqual([]);
  });

  it('lays transparency on white', async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    const bytes = await sharp({ create: { width: 9, height: 9, channels: 4, background: clear } })
      .png()
      .toBuffer();
    expect(pixelAt(await decode(bytes, 9, 9), 4, 4)).toEqual([255, 255, 255]);
  });
});

describe('an image that cannot be decoded', () => {
  it.each(FORMATS)('is unreadable when %s is cut off anywhere', async (format) => {
    const bytes = await encode(noise(64, 64), format);
    for (let part = 1; part < 20; part++) {
      const cut = bytes.subarray(0, Math.floor((bytes.length * part) / 20));
      const result = await decodeImage(loaded(cut, 64, 64), { maxSidePx: 32 });
      expect(result, `${part}/20`).toMatchObject({
        ok: false,
        failure: {
          name: 'ImageUnreadable',
          message: expect.stringMatching(/^\/photos\/a.jpg is damaged or cut off \(.+\)$/),
        },
      });
    }
  });

  it('is unreadable when its header lied', async () => {
    const result = await decodeImage(loaded(await jpegClaiming(5000, 4000), 5000, 4000), { maxSidePx: 1536 });
    expect(result).toMatchObject({ ok: false, failure: { name: 'ImageUnreadable' } });
  });

  it('is unreadable when a part in the middle is missing or overwritten', async () => {
    const bytes = await encode(noise(300, 200), 'jpeg');
    const gap = Buffer.concat([bytes.subarray(0, 5000), bytes.subarray(-2)]);
    const overwritten = Buffer.from(bytes).fill('not pixels any more \xff\x01', 3000, 4000, 'latin1');
    for (const broken of [gap, overwritten]) {
      const result = await decodeImage(loaded(broken, 300, 200), { maxSidePx: 64 });
      expect(result).toMatchObject({ ok: false, failure: { name: 'ImageUnreadable' } });
    }
  });

  it('is decoded in spite of bytes behind its end', async () => {
    const bytes = Buffer.concat([await encode(noise(60, 30), 'jpeg'), Buffer.from('a film clip of the same scene')]);
    expect(await decode(bytes, 60, 30)).toMatchObject({ widthPx: 60 });
  });

  it('is not decoded when it has more pixels than its header told', async () => {
    const result = await decodeImage(loaded(await encode(noise(64, 64), 'png'), 8, 8), { maxSidePx: 1536 });
    expect(result).toMatchObject({ ok: false, failure: { name: 'ImageUnreadable' } });
  });
});
