import type { JsonlSpec } from '../contracts/source.ts';
import { detectEncoding } from './detect-encoding.ts';
import { createTableSource } from './table-source.ts';
import { textLines, type TextLine } from './text-blocks.ts';
import { SourceError, type AssetSource } from './ports.ts';
import type { Cell, TableEntry } from './table-reader.ts';

/** A file of one JSON object per line: its keys are the columns. Lines that are no object are rejected. */
export function createJsonlSource(): AssetSource<JsonlSpec> {
  return createTableSource({ kind: 'jsonl', open, entries });
}

async function open(spec: JsonlSpec): Promise<JsonlSpec> {
  const encoding = spec.encoding ?? (await detectEncoding(spec.path));
  for await (const [first] of textLines(spec.path, encoding)) {
    if (first === undefined) continue;
    if (!first.text.trimStart().startsWith('[')) break;
    const message = `${spec.path} is a JSON array, not JSON Lines; write one object per line, for example with jq -c '.[]'`;
    throw new SourceError('InvalidRequest', message);
  }
  return { ...spec, encoding };
}

async function* entries({ path, encoding = 'utf-8' }: JsonlSpec): AsyncIterable<readonly TableEntry[]> {
  for await (const lines of textLines(path, encoding)) yield lines.map(entryOf);
}

function entryOf({ line, text }: TextLine): TableEntry {
  const original = () => ({ text });
  const parsed = parseObject(text);
  return typeof parsed === 'string' ? { line, problem: parsed, original } : { line, values: parsed, original };
}

function parseObject(text: string): Readonly<Record<string, Cell>> | string {
  try {
    const value = parseExactly(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, Cell>;
    return 'the line is JSON, but no object; write { "id": ..., "image": ... }';
  } catch (error) {
    return error instanceof RangeError ? 'the line is nested too deeply' : 'the line is not valid JSON';
  }
}

/** Numbers that JavaScript cannot hold exactly stay texts. Throws `RangeError` for what is nested too deeply to be handled. */
function parseExactly(text: string): Cell {
  if (BRACKETS.test(text)) checkDepth(text);
  if (!LONG_NUMBER.test(text)) return JSON.parse(text) as Cell;
  return JSON.parse(text, (_key, value: Cell, context?: { readonly source?: string }) => {
    if (typeof value !== 'number' || context?.source === undefined) return value;
    return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value)) ? value : context.source;
  }) as Cell;
}

const BRACKETS = /(?:[[{][^[{]*){100}/;
const LONG_NUMBER = /\d{16}|\d[eE]/;
const DEEPEST = 100;

/** Brackets inside of texts count as well: a hundred of them in a row are no asset either. */
function checkDepth(text: string): void {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > DEEPEST) throw new RangeError('nested too deeply');
  }
}
