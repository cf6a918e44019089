import type { SourceSpec } from './source.ts';

/** Whether the first image of an asset stands for its id, as in tables without a column of ids. Takes a settled specification. */
export function isImageTheId(spec: SourceSpec): boolean {
  if (!('map' in spec) || spec.map === undefined) return false;
  const { id, image = [] } = spec.map;
  return id !== undefined && (typeof image === 'string' ? image : image[0]) === id;
}

/** Says that nobody named a column of ids; `candidate`: the one that could be it. */
export function imageAsIdText(candidate: string | null): string {
  const hint = candidate === null ? 'If there is one, name it' : `${JSON.stringify(candidate)} could be it; name it`;
  return `No column is recognised as the id, so the image is the id. ${hint} with --map id=${candidate === null ? 'COLUMN' : quoted(candidate)}`;
}

function quoted(column: string): string {
  return /^[\w.-]+$/.test(column) ? column : JSON.stringify(column);
}
