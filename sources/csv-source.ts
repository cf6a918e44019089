import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Asset } from '../contracts/asset.ts';
import { readHeader, type ColumnChoice, type CsvColumns } from './csv-columns.ts';
import { toAsset } from './csv-row.ts';
import { describeAssets } from './describe-assets.ts';
import { sourceErrorOf } from './source-error-of.ts';
import { SourceError, type AssetSource, type OnReject } from './ports.ts';
import { readUtf8Lines } from './utf8-lines.ts';

/** A CSV file with a header; one row per asset. */
export interface CsvSpec extends ColumnChoice {
  readonly kind: 'csv';
  /** Absolute. */
  readonly path: string;
}

/**
 * Reads a CSV file row by row; memory grows with the number of ids only.
 *
 * - UTF-8, with or without byte-order mark. Cells are separated by commas; when the header has none, by semicolons or tabs.
 * - Columns for id and image are taken from the request or recognised by name; latitude, longitude and detection time
 *   by name; all others become attributes. Relative image paths start at the folder of the file.
 * - Rejected, with their line: rows with more or fewer cells than the header, without id, with an id that came before.
 */
export function createCsvSource(): AssetSource<CsvSpec> {
  return {
    kind: 'csv',
    describe: (spec) => describeAssets((onReject) => readCsv(spec, onReject)),
    assets: readCsv,
  };
}

async function* readCsv(spec: CsvSpec, onReject: OnReject): AsyncIterable<Asset> {
  await openFile(spec.path);
  const folder = dirname(spec.path);
  const seen = new Set<string>();
  let columns: CsvColumns | undefined;
  let rows = 0;
  for await (const { cells, lastLine } of readRecords(spec.path)) {
    if (columns === undefined) {
      columns = readHeader(spec.path, cells, spec);
      continue;
    }
    rows++;
    const asset = toAsset(cells, columns, folder);
    const reason = typeof asset === 'string' ? asset : duplicateOf(seen, asset);
    if (typeof asset !== 'string' && reason === null) yield asset;
    else onReject({ line: lastLine - newlinesIn(cells), reason: reason ?? '' });
  }
  if (columns === undefined)
    throw new SourceError('InvalidRequest', `${spec.path} is empty; it needs a header and rows`);
  if (rows === 0) throw new SourceError('InvalidRequest', `${spec.path} has a header but no rows; add a row per asset`);
  if (seen.size === 0) {
    throw new SourceError(
      'InvalidRequest',
      `${spec.path}: none of its ${rows} rows can be used; check its columns and ids`,
    );
  }
}

async function openFile(path: string): Promise<void> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) throw new SourceError('InvalidRequest', `${path} is a folder, not a CSV file`);
    if (!stats.isFile())
      throw new SourceError('InvalidRequest', `${path} is a pipe or device; a CSV source must be a file`);
  } catch (error) {
    throw sourceErrorOf(path, 'file', error);
  }
}

function duplicateOf(seen: Set<string>, { assetId }: Asset): string | null {
  if (seen.has(assetId)) return `the id "${assetId.slice(0, 80)}" came before; ids must be unique`;
  seen.add(assetId);
  return null;
}

function newlinesIn(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
}

interface CsvRecord {
  readonly cells: readonly string[];
  /** Line of the file on which the record ends, from 1. */
  readonly lastLine: number;
}

async function* readRecords(path: string): AsyncIterable<CsvRecord> {
  const blocks = readUtf8Lines(path)[Symbol.asyncIterator]();
  const first = await blocks.next();
  if (first.done === true) return;
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(first.value),
    info: true,
    max_record_size: MAX_RECORD_LENGTH,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  // An error of the file destroys the parser, and the loop below throws it.
  pipeline(Readable.from(prepend(first.value, blocks)), parser, () => {});
  try {
    for await (const item of parser) {
      const { record, info } = item as {
        readonly record: readonly string[];
        readonly info: { readonly lines: number };
      };
      yield { cells: record, lastLine: info.lines };
    }
  } catch (error) {
    throw error instanceof CsvError ? brokenQuotes(path, error) : error;
  }
}

const MAX_RECORD_LENGTH = 1_000_000;

async function* prepend(first: Buffer, rest: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

function delimiterOf(block: Buffer): string {
  const newline = block.indexOf(0x0a);
  const header = block.subarray(0, newline < 0 ? block.length : newline).toString('utf8');
  if (header.includes(',')) return ',';
  return [';', '\t'].find((candidate) => header.includes(candidate)) ?? ',';
}

function brokenQuotes(path: string, error: CsvError): SourceError {
  const line = 'lines' in error && typeof error.lines === 'number' ? ` near line ${error.lines}` : '';
  const cause = { cause: error };
  if (error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE') {
    return new SourceError(
      'InvalidRequest',
      `${path}${line}: a quote is opened and never closed; close or double it`,
      cause,
    );
  }
  return new SourceError('InvalidRequest', `${path}${line} is not valid CSV: ${error.message}`, cause);
}
