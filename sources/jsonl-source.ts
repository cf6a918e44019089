import type { JsonlSpec } from '../contracts/source.ts';
import { detectEncoding } from './detect-encoding.ts';
import { createTableSource } from './table-source.ts';
import { textLines } from './text-blocks.ts';
import type { AssetSource } from './ports.ts';
import type { Cell, TableEntry } from './table-reader.ts';

/** A file of one JSON object per line: its keys are the columns. Lines that are no object are rejected. */
export function createJsonlSource(): AssetSource<JsonlSpec> {
  return createTableSource({ kind: 'jsonl', open, entries });
}

async function open(spec: JsonlSpec): Promise<JsonlSpec> {
  return { ...spec, encoding: spec.encoding ?? (await detectEncoding(spec.path)) };
}

async function* entries({ path, encoding = 'utf-8' }: JsonlSpec): AsyncIterable<TableEntry> {
  for await (const { line, text } of textLines(path, encoding)) {
    const original = () => ({ text });
    const parsed = parseObject(text);
    yield typeof parsed === 'string' ? { line, problem: parsed, original } : { line, values: parsed, original };
  }
}

function parseObject(text: string): Readonly<Record<string, Cell>> | string {
  try {
    const value = JSON.parse(text) as Cell;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, Cell>;
    return 'the line is JSON, but no object; write { "id": ..., "image": ... }';
  } catch {
    return 'the line is not valid JSON';
  }
}
