import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Asset, AttributeValue, Location } from '../contracts/asset.ts';
import type { CsvColumns } from './csv-columns.ts';

/**
 * One row to an asset, or the reason why it is none. An empty image cell is an asset without images. Cells that are not
 * a place or a time although their column says so stay attributes: nothing is lost, nothing is guessed.
 */
export function toAsset(cells: readonly string[], columns: CsvColumns, folder: string): Asset | string {
  if (cells.length !== columns.names.length) {
    return `the row has ${cells.length} cells, the header ${columns.names.length}; is a comma or quote missing?`;
  }
  const assetId = cells[columns.id]?.trim() ?? '';
  if (assetId === '') return 'the row has no id';
  if (assetId.length > MAX_ID_LENGTH) return `the id is longer than ${MAX_ID_LENGTH} characters`;
  const image = cells[columns.image]?.trim() ?? '';
  const location = toLocation(columns, cells);
  const detectionTime = columns.time === undefined ? undefined : toIsoTime(cells[columns.time] ?? '');
  const used = new Set([columns.id, columns.image]);
  if (location) for (const index of [columns.latitude, columns.longitude]) if (index !== undefined) used.add(index);
  if (detectionTime && columns.time !== undefined) used.add(columns.time);
  const attributes = Object.fromEntries(
    columns.names.flatMap((name, index): [string, AttributeValue][] =>
      used.has(index) ? [] : [[name, cells[index] === '' ? null : (cells[index] ?? null)]],
    ),
  );
  const asset: Asset = {
    assetId,
    images: image === '' ? [] : [{ uri: toUri(image, folder) }],
    ...(location && { location }),
    ...(detectionTime && { detectionTime }),
    attributes,
  };
  const size = Buffer.byteLength(JSON.stringify(asset));
  return size > MAX_ASSET_BYTES
    ? `the row has ${size} bytes; the limit is ${MAX_ASSET_BYTES}: leave large columns out`
    : asset;
}

const MAX_ID_LENGTH = 500;
/** Every row travels through Temporal's history, so it has to stay small. */
const MAX_ASSET_BYTES = 16_384;

function toUri(image: string, folder: string): string {
  if (/^file:/i.test(image)) {
    try {
      return fileURLToPath(image);
    } catch {
      return image;
    }
  }
  if (isAbsolute(image) || /^[a-z][a-z0-9+.-]+:\/\//i.test(image)) return image;
  return resolve(folder, image);
}

function toLocation({ latitude, longitude }: CsvColumns, cells: readonly string[]): Location | undefined {
  if (latitude === undefined || longitude === undefined) return undefined;
  const north = toDegrees(cells[latitude], 90);
  const east = toDegrees(cells[longitude], 180);
  return north === undefined || east === undefined ? undefined : { latitude: north, longitude: east };
}

function toDegrees(cell: string | undefined, max: number): number | undefined {
  const text = cell?.trim() ?? '';
  if (!/^[+-]?\d+(\.\d*)?$/.test(text)) return undefined;
  const degrees = Number(text);
  return Math.abs(degrees) <= max ? degrees : undefined;
}

/** `2026-05-04`, `2026-05-04 10:20`, `2026-05-04T10:20:30.5+02:00` and the like; everything else is no time. */
function toIsoTime(cell: string): string | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    cell.trim(),
  );
  const [, date, minutes, seconds = ':00', zone = ''] = parts ?? [];
  if (date === undefined) return undefined;
  const moment = new Date(`${date}T${minutes ?? '00:00'}Z`);
  if (Number.isNaN(moment.getTime()) || !moment.toISOString().startsWith(date)) return undefined;
  if (minutes === undefined) return date;
  const iso = `${date}T${minutes}${seconds}${zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`;
  const exact = new Date(iso);
  // With its zone the time may lie outside the years that have four digits.
  return Number.isNaN(exact.getTime()) || !/^\d{4}-/.test(exact.toISOString()) ? undefined : iso;
}
