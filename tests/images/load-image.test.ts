import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { loadFromDisk as load } from './load-from-disk.ts';
import { FORMATS, encode, heicHead, jpegClaiming, noise, pngClaiming, redAndBlue } from './sample-images.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('sightline-images-');
});
afterAll(async () => folder[Symbol.asyncDispose]());

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder.path, name);
  await writeFile(path, content);
  return path;
}

async function failureOf(uri: string, limits = {}): Promise<string> {
  const result = await load(uri, limits);
  return result.ok ? 'loaded' : `${result.failure.name}: ${result.failure.message.replace(folder.path, '.')}`;
}

describe('loading an image', () => {
  it('recognises a large TIFF, whose directory stands at its end', async () => {
    const path = await put('large.tif', await encode(noise(600, 400), 'tiff'));
    expect(await load(path)).toMatchObject({ ok: true, value: { mimeType: 'image/tiff', widthPx: 600 } });
  });

  it.each(FORMATS)('recognises %s by its bytes, whatever the name says', async (format) => {
    const bytes = await encode(noise(60, 30), format);
    const path = await put(`${format}.jpg`, bytes);
    expect(await load(path)).toEqual({
      ok: true,
      value: {
        uri: path,
        bytes,
        mimeType: `image/${format}`,
        widthPx: 60,
        heightPx: 30,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
    });
  });

  it('gives the size as seen upright', async () => {
    expect(await load(await put('o1.jpg', await redAndBlue(1)))).toMatchObject({
      value: { widthPx: 80, heightPx: 40 },
    });
    expect(await load(await put('o6.jpg', await redAndBlue(6)))).toMatchObject({
      value: { widthPx: 40, heightPx: 80 },
    });
  });

  it('reads place and time from EXIF', async () => {
    const bytes = await noise(20, 20)
      .withExif({
        IFD2: { DateTimeOriginal: '2026:05:04 10:20:30', OffsetTimeOriginal: '-03:00' },
        IFD3: {
          GPSLatitudeRef: 'S',
          GPSLatitude: '33/1 30/1 0/1',
          GPSLongitudeRef: 'W',
          GPSLongitude: '70/1 15/1 36/1',
        },
      })
      .jpeg()
      .toBuffer();
    expect(await load(await put('exif.jpg', bytes))).toMatchObject({
      value: { location: { latitude: -33.5, longitude: -70.26 }, capturedAt: '2026-05-04T10:20:30-03:00' },
    });
  });

  it('follows links and takes file addresses', async () => {
    const path = await put('a b.jpg', await encode(noise(9, 9), 'jpeg'));
    await symlink(path, join(folder.path, 'link.jpg'));
    expect(await load(join(folder.path, 'link.jpg'))).toMatchObject({ ok: true });
    expect(await load(pathToFileURL(path).href)).toMatchObject({ ok: true, value: { widthPx: 9 } });
  });

  it('recognises a PNG whose pixels begin far behind its header', async () => {
    const png = await encode(noise(9, 9), 'png');
    const text = Buffer.concat([Buffer.from('tEXtComment\0'), Buffer.alloc(100_000, 65)]);
    const { crc32 } = await import('node:zlib');
    const chunk = Buffer.alloc(text.length + 8);
    chunk.writeUInt32BE(text.length - 4, 0);
    text.copy(chunk, 4);
    chunk.writeUInt32BE(crc32(text), text.length + 4);
    const path = await put('far.png', Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]));
    expect(await load(path)).toMatchObject({ ok: true, value: { mimeType: 'image/png' } });
  });
});

describe('an image that cannot be loaded', () => {
  it('is missing', async () => {
    expect(await failureOf(join(folder.path, 'none.jpg'))).toBe('ImageMissing: ./none.jpg does not exist');
    const file = await put('file', 'x');
    expect(await failureOf(join(file, 'a.jpg'))).toMatch(/^ImageMissing: .*part of its path is not a folder/);
    expect(await failureOf(join(folder.path, 'x'.repeat(300)))).toMatch(/^ImageMissing: .*too long/);
    expect(await failureOf(`${folder.path}/a\0.jpg`)).toMatch(/^ImageMissing: .*zero byte/);
    await symlink('nowhere.jpg', join(folder.path, 'dangling.jpg'));
    expect(await failureOf(join(folder.path, 'dangling.jpg'))).toMatch(/^ImageMissing/);
    await symlink('circle.jpg', join(folder.path, 'circle.jpg'));
    expect(await failureOf(join(folder.path, 'circle.jpg'))).toMatch(/^ImageMissing: .*circle/);
    expect(await failureOf('photos/a.jpg')).toMatch(/^ImageMissing: photos\/a.jpg is not an absolute path/);
    expect(await failureOf('file://elsewhere/a.jpg')).toMatch(/^ImageMissing/);
  });

  it.runIf(process.geteuid?.() !== 0 || process.seteuid !== undefined)('may not be read', async () => {
    const path = await put('secret.jpg', await encode(noise(9, 9), 'jpeg'));
    await chmod(path, 0o000);
    const user = process.geteuid?.();
    if (user === 0) process.seteuid?.(65_534);
    try {
      expect(await failureOf(path)).toBe('ImageForbidden: ./secret.jpg may not be read');
    } finally {
      if (user === 0) process.seteuid?.(0);
    }
  });

  it('is no file at all, and nothing waits for it', async () => {
    await mkdir(join(folder.path, 'folder.jpg'));
    expect(await failureOf(join(folder.path, 'folder.jpg'))).toBe(
      'ImageUnreadable: ./folder.jpg is a folder, not an image file',
    );
    execFileSync('mkfifo', [join(folder.path, 'pipe.jpg')]);
    expect(await failureOf(join(folder.path, 'pipe.jpg'))).toMatch(/^ImageUnreadable: .*pipe, socket or device/);
    expect(await failureOf('/dev/zero')).toMatch(/^ImageUnreadable: .*pipe, socket or device/);
  });

  it('is empty, text, or something else', async () => {
    expect(await failureOf(await put('empty.jpg', ''))).toBe('ImageUnreadable: ./empty.jpg is empty');
    expect(await failureOf(await put('notes.jpg', 'buy milk\n'))).toBe(
      'ImageUnreadable: ./notes.jpg is not an image: its bytes are text',
    );
    expect(await failureOf(await put('zip.jpg', 'PK\x03\x04' + '\0'.repeat(60)))).toMatch(
      /^ImageUnreadable: .*application\/zip/,
    );
    expect(await failureOf(await put('bytes.jpg', Buffer.alloc(500, 3)))).toMatch(
      /^ImageUnreadable: .*of no known kind/,
    );
    expect(await failureOf(await put('tiny.jpg', Buffer.from([0xff, 0xd8, 0xff])))).toMatch(
      /^ImageUnreadable: .*damaged or cut off/,
    );
  });

  it('cannot be decoded here, and the message says what to do', async () => {
    expect(await failureOf(await put('p.jpg', heicHead()))).toMatch(/^ImageUnsupported: .*HEIC.*heif-convert/);
    expect(await failureOf(await put('d.svg', '<?xml version="1.0"?>\n<svg xmlns="x"></svg>'))).toMatch(
      /^ImageUnsupported: .*SVG.*rsvg-convert/,
    );
    expect(await failureOf(await put('e.jpg', '<svg width="9"/>'))).toMatch(/^ImageUnsupported: .*SVG/);
    expect(await failureOf(await put('d.pdf', '%PDF-1.7\n'))).toMatch(/^ImageUnsupported: .*PDF.*pdftoppm/);
    expect(await failureOf(await put('b.bmp', 'BM' + '\0'.repeat(60)))).toMatch(/^ImageUnsupported: .*image\/bmp/);
  });

  it('stands behind an address that is not fetched', async () => {
    expect(await failureOf('gs://bucket/a.jpg')).toBe(
      'AddressRefused: gs://bucket/a.jpg is refused: images are not fetched by gs, so download it first',
    );
  });

  it('has too many bytes, also when the file grows while it is read', async () => {
    const path = await put('large.jpg', Buffer.alloc(5000, 1));
    expect(await failureOf(path, { maxBytes: 4999 })).toBe(
      'ImageTooLarge: ./large.jpg has 5,000 bytes; the limit is 4,999 bytes',
    );
    expect(await failureOf(path, { maxBytes: 5000 })).toMatch(/^ImageUnreadable/);
  });

  // Files of /proc say that they have no bytes: for the reader they grow.
  it.runIf(process.platform === 'linux')('bounds a file that is larger than it says', async () => {
    expect(await failureOf('/proc/self/status', { maxBytes: 100 })).toMatch(/^ImageTooLarge/);
    expect(await failureOf('/proc/self/status')).toMatch(/^ImageUnreadable: .*not an image/);
  });

  it('has too many pixels by its header, whatever it holds', async () => {
    expect(await failureOf(await put('bomb.png', await pngClaiming(30_000, 30_000)))).toBe(
      'ImageTooLarge: ./bomb.png has 30000 x 30000 pixels; the limit is 100,000,000 pixels',
    );
    expect(await failureOf(await put('bomb.jpg', await jpegClaiming(30_000, 30_000)))).toMatch(
      /^ImageTooLarge: .*30000 x 30000/,
    );
    const path = await put('fits.png', await encode(noise(100, 50), 'png'));
    expect(await failureOf(path, { maxPixels: 5000 })).toBe('loaded');
    expect(await failureOf(path, { maxPixels: 4999 })).toMatch(/^ImageTooLarge/);
  });
});
