import exifr from 'exifr';
import type { Location } from '../contracts/asset.ts';

export interface ExifFacts {
  readonly location?: Location;
  /** ISO 8601; without a zone when the camera wrote none. */
  readonly capturedAt?: string;
}

/**
 * Place and time from an EXIF block (`Exif\0\0` and a TIFF structure, or the structure alone). Broken or absurd entries
 * are left out; blocks over 1 MB are not read.
 */
export async function readExif(block: Uint8Array | undefined): Promise<ExifFacts> {
  if (block === undefined || block.length > MAX_BLOCK_BYTES) return {};
  const tags = await parseTags(startsWithExif(block) ? block.subarray(6) : block);
  const location = toLocation(tags);
  const capturedAt = toCapturedAt(tags);
  return { ...(location && { location }), ...(capturedAt && { capturedAt }) };
}

const MAX_BLOCK_BYTES = 1_000_000;
/** Only these are parsed, each at most once: a block that repeats a large tag thousands of times costs nothing. */
const TAGS = [
  'DateTimeOriginal',
  'OffsetTimeOriginal',
  'CreateDate',
  'OffsetTimeDigitized',
  'GPSLatitude',
  'GPSLatitudeRef',
  'GPSLongitude',
  'GPSLongitudeRef',
];

type Tags = Readonly<Record<string, unknown>>;

function startsWithExif(block: Uint8Array): boolean {
  return Buffer.from(block.subarray(0, 6)).toString('latin1') === 'Exif\0\0';
}

async function parseTags(tiff: Uint8Array): Promise<Tags> {
  try {
    const tags: unknown = await exifr.parse(Buffer.from(tiff), {
      pick: TAGS,
      reviveValues: false,
      translateValues: false,
    });
    return isTags(tags) ? tags : {};
  } catch {
    return {}; // A broken block says nothing; the picture itself may be fine.
  }
}

function isTags(value: unknown): value is Tags {
  return typeof value === 'object' && value !== null;
}

function toLocation(tags: Tags): Location | undefined {
  const latitude = toDegrees(tags['GPSLatitude'], tags['GPSLatitudeRef'], { positive: 'N', negative: 'S', max: 90 });
  const longitude = toDegrees(tags['GPSLongitude'], tags['GPSLongitudeRef'], {
    positive: 'E',
    negative: 'W',
    max: 180,
  });
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
}

function toDegrees(
  value: unknown,
  reference: unknown,
  axis: { readonly positive: string; readonly negative: string; readonly max: number },
): number | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [degrees, minutes, seconds] = value.map(Number);
  const total = (degrees ?? NaN) + (minutes ?? NaN) / 60 + (seconds ?? NaN) / 3600;
  if (!(total >= 0 && total <= axis.max)) return undefined;
  const rounded = Math.round(total * 1e7) / 1e7;
  if (reference === axis.positive) return rounded;
  return reference === axis.negative ? 0 - rounded : undefined;
}

function toCapturedAt(tags: Tags): string | undefined {
  return (
    toIsoTime(tags['DateTimeOriginal'], tags['OffsetTimeOriginal']) ??
    toIsoTime(tags['CreateDate'], tags['OffsetTimeDigitized'])
  );
}

/** `2026:05:04 10:20:30` and `+02:00` to `2026-05-04T10:20:30+02:00`. */
function toIsoTime(time: unknown, offset: unknown): string | undefined {
  if (typeof time !== 'string') return undefined;
  const parts = /^(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}):(\d{2}):(\d{2})/.exec(time);
  if (!parts) return undefined;
  const local = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}`;
  const moment = new Date(`${local}Z`);
  // Date rolls 31 February over to March: what does not come back as it went in is no date.
  if (Number.isNaN(moment.getTime()) || !moment.toISOString().startsWith(local)) return undefined;
  const zone = typeof offset === 'string' ? offset.replace(/\0+$/, '').trim() : '';
  return /^([+-](0\d|1[0-4]):[0-5]\d|Z)$/.test(zone) ? local + zone : local;
}
