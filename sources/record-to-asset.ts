import type { Asset, AttributeValue, ImageRef, Location } from '../contracts/asset.ts';
import { MAX_ASSET_BYTES, MAX_ID_LENGTH, MAX_IMAGES } from './asset-limits.ts';
import { imageRefs } from './image-refs.ts';
import { toIsoTime } from './iso-time.ts';
import { CELLS_COLUMN, REJECT_COLUMNS } from './ports.ts';
import type { Cell, SettledMap, TableRecord } from './table-reader.ts';
import { textOf } from './text-of.ts';
import { toDegrees } from './to-degrees.ts';

const NOT_MENDED = `the row had more or fewer cells than its header; put them right, then empty ${CELLS_COLUMN}`;
const NO_IMAGE_NO_ID = 'the row has no image, and the image is the id; name the column of ids with --map id=COLUMN';

/**
 * One row to an asset, or the reason why it is none. An empty image cell is an asset without images. Cells that are not
 * a place or a time although their column says so stay attributes: nothing is lost, nothing is guessed.
 */
export function recordToAsset({ values }: TableRecord, map: SettledMap, base: string): Asset | string {
  if (textOf(values[CELLS_COLUMN]).trim() !== '') return NOT_MENDED;
  const images = imagesOf(values, map, base);
  if (typeof images === 'string') return images;
  const assetId = idOf(values, map);
  if (assetId === '') return map.id === map.image[0] ? NO_IMAGE_NO_ID : 'the row has no id';
  const location = locationOf(values, map);
  const time = map.time === undefined ? undefined : toIsoTime(textOf(values[map.time]));
  const used = new Set([map.id, ...map.image, ...REJECT_COLUMNS]);
  if (location) for (const name of [map.latitude, map.longitude]) if (name !== undefined) used.add(name);
  if (time !== undefined && map.time !== undefined) used.add(map.time);
  if (map.observation !== undefined && images.length > 0) used.add(map.observation);
  const asset: Asset = {
    assetId,
    images,
    ...(location && { location }),
    ...(time !== undefined && { detectionTime: time }),
    attributes: Object.fromEntries(
      Object.entries(values).flatMap(([name, cell]) => (used.has(name) ? [] : [[name, toAttribute(cell)] as const])),
    ),
  };
  return tooLarge(asset) ?? asset;
}

/** Why an asset is too large to travel, or null. */
export function tooLarge({ assetId, images, ...rest }: Asset): string | null {
  if (assetId.length > MAX_ID_LENGTH) return `the id is longer than ${MAX_ID_LENGTH} characters`;
  if (images.length > MAX_IMAGES) return `it has ${images.length} images; the limit is ${MAX_IMAGES}`;
  const size = Buffer.byteLength(JSON.stringify({ assetId, images, ...rest }));
  return size > MAX_ASSET_BYTES
    ? `the row has ${size} bytes; the limit is ${MAX_ASSET_BYTES}: leave large columns out`
    : null;
}

function idOf(values: TableRecord['values'], map: SettledMap): string {
  const cell = values[map.id] ?? null;
  // An id that is taken from the images is the address as it was written.
  const value = Array.isArray(cell) ? (cell[0] as Cell) : cell;
  return textOf(value).trim();
}

function imagesOf(values: TableRecord['values'], map: SettledMap, base: string): readonly ImageRef[] | string {
  const images: ImageRef[] = [];
  for (const name of map.image) {
    const refs = imageRefs(values[name] ?? null, base);
    if (typeof refs === 'string') return `${name}: ${refs}`;
    images.push(...refs);
  }
  const observationId = map.observation === undefined ? '' : textOf(values[map.observation]).trim();
  return observationId === '' ? images : images.map((image) => ({ observationId, ...image }));
}

function locationOf(values: TableRecord['values'], { latitude, longitude }: SettledMap): Location | undefined {
  if (latitude === undefined || longitude === undefined) return undefined;
  const north = toDegrees(values[latitude], 90);
  const east = toDegrees(values[longitude], 180);
  return north === undefined || east === undefined ? undefined : { latitude: north, longitude: east };
}

function toAttribute(cell: Cell): AttributeValue {
  if (cell === null || cell === '') return null;
  return typeof cell === 'object' ? JSON.stringify(cell) : cell;
}
