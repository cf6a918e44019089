import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAddress, type ImageRef } from '../contracts/asset.ts';
import type { Cell } from './table-reader.ts';

/**
 * The images that a cell names: one path or address, a list of them (in CSV and text as JSON), or objects with `uri` and
 * perhaps `observation_id` and `captured_at`. An empty cell names none. Returns a sentence for what is none of these.
 */
export function imageRefs(cell: Cell, base: string): readonly ImageRef[] | string {
  const value = typeof cell === 'string' ? fromText(cell) : cell;
  if (value === null || value === '') return [];
  const items: readonly Cell[] = Array.isArray(value) ? value : [value];
  const refs = items.filter((item) => item !== null && item !== '').map((item) => imageRef(item, base));
  const wrong = refs.findIndex((ref) => ref === undefined);
  return wrong < 0 ? refs.filter((ref) => ref !== undefined) : `image ${wrong + 1} is no path or address`;
}

/** A path becomes absolute, or an address where the base is one; addresses stay, but those of files become paths. */
export function toUri(image: string, base: string): string {
  if (/^file:/i.test(image)) {
    try {
      return fileURLToPath(image);
    } catch {
      return image;
    }
  }
  if (isAbsolute(image) || isAddress(image)) return image;
  return isAddress(base) ? `${base.replace(/\/+$/, '')}/${image}` : resolve(base, image);
}

function fromText(text: string): Cell {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[')) return trimmed;
  try {
    return JSON.parse(trimmed) as Cell;
  } catch {
    return trimmed;
  }
}

function imageRef(item: Cell, base: string): ImageRef | undefined {
  if (typeof item === 'string') return { uri: toUri(item.trim(), base) };
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  const { uri, observation_id: observationId, captured_at: capturedAt } = item as { readonly [key: string]: Cell };
  if (typeof uri !== 'string' || uri === '') return undefined;
  return {
    uri: toUri(uri.trim(), base),
    ...(typeof observationId === 'string' && { observationId }),
    ...(typeof capturedAt === 'string' && { capturedAt }),
  };
}
