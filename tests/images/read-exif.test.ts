import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExif } from '../../images/read-exif.ts';

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** A number, or where its bytes begin. */
  readonly value: number;
}

/** A little-endian TIFF structure with one directory. */
function tiff(entries: readonly Entry[], data = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(10 + entries.length * 12 + 4);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(entries.length, 8);
  entries.forEach(({ tag, type, count, value }, index) => {
    const at = 10 + index * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(count, at + 4);
    head.writeUInt32LE(value, at + 8);
  });
  return Buffer.concat([head, data]);
}

const EXIF_POINTER = 0x8769;
const GPS_POINTER = 0x8825;

/** A block with only a time in its EXIF directory. */
function withTime(time: string, offset?: string): Buffer {
  const texts = [Buffer.from(`${time}\0`), Buffer.from(offset === undefined ? '' : `${offset}\0`)] as const;
  const count = offset === undefined ? 1 : 2;
  const directory = 26;
  const data = directory + 2 + count * 12 + 4;
  const exif = Buffer.alloc(data - directory);
  exif.writeUInt16LE(count, 0);
  [0x9003, 0x9011].slice(0, count).forEach((tag, index) => {
    exif.writeUInt16LE(tag, 2 + index * 12);
    exif.writeUInt16LE(2, 4 + index * 12);
    exif.writeUInt32LE(texts[index]?.length ?? 0, 6 + index * 12);
    exif.writeUInt32LE(data + (index === 0 ? 0 : texts[0].length), 10 + index * 12);
  });
  return Buffer.concat([tiff([{ tag: EXIF_POINTER, type: 4, count: 1, value: directory }]), exif, ...texts]);
}

describe('EXIF time', () => {
  it('is ISO 8601, with the zone that the camera wrote and no other', async () => {
    expect(await readExif(withTime('2026:05:04 10:20:30'))).toEqual({ capturedAt: '2026-05-04T10:20:30' });
    expect(await readExif(withTime('2026:05:04 10:20:30', '+05:30'))).toEqual({
      capturedAt: '2026-05-04T10:20:30+05:30',
    });
    expect(await readExif(withTime('2026:05:04 10:20:30', 'local'))).toEqual({ capturedAt: '2026-05-04T10:20:30' });
  });

  it.each([
    '0000:00:00 00:00:00',
    '2026:02:31 10:00:00',
    '2026:13:01 10:00:00',
    '2026:05:04 25:00:00',
    'yesterday-ish......',
    '',
  ])('is left out when it is none: %s', async (time) => {
    expect(await readExif(withTime(time))).toEqual({});
  });
});

describe('hostile EXIF', () => {
  it('says nothing when there is none, or it is broken or huge', async () => {
    expect(await readExif(undefined)).toEqual({});
    expect(await readExif(Buffer.from('Exif\0\0'))).toEqual({});
    expect(await readExif(Buffer.from('not exif at all'))).toEqual({});
    expect(await readExif(Buffer.concat([withTime('2026:05:04 10:20:30'), Buffer.alloc(1_000_000)]))).toEqual({});
  });

  it('ends when directories point at themselves', async () => {
    const circle = tiff([
      { tag: EXIF_POINTER, type: 4, count: 1, value: 8 },
      { tag: GPS_POINTER, type: 4, count: 1, value: 8 },
    ]);
    expect(await readExif(circle)).toEqual({});
  });

  it('ends when thousands of entries each claim millions of values', async () => {
    const entries = Array.from({ length: 60_000 }, () => ({ tag: 0x0002, type: 5, count: 0x0fff_ffff, value: 8 }));
    expect(await readExif(tiff([{ tag: GPS_POINTER, type: 4, count: 1, value: 8 }, ...entries]))).toEqual({});
  });

  it('never throws', async () => {
    const original = withTime('2026:05:04 10:20:30', '+02:00');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { maxLength: 10 }),
        async (edits) => {
          const block = Buffer.from(original);
          for (const [at, value] of edits) block[at] = value;
          expect(Object.keys(await readExif(block)).every((key) => ['capturedAt', 'location'].includes(key))).toBe(
            true,
          );
        },
      ),
      { seed: 20_261_121, numRuns: 500 },
    );
  });
});
