import { Readable, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { CsvSpec } from '../contracts/source.ts';
import { textBlocks } from './text-blocks.ts';
import { SourceError } from './ports.ts';
import type { TableEntry } from './table-reader.ts';

/** The rows of a CSV file below its header; takes a specification whose encoding and delimiter are known. */
export async function* csvEntries(spec: CsvSpec): AsyncIterable<TableEntry> {
  let columns: readonly string[] | undefined;
  for await (const { cells, lastLine } of readRecords(spec)) {
    if (columns === undefined) columns = columnsOf(spec.path, cells);
    else yield entryOf(columns, cells, lastLine - newlinesIn(cells));
  }
}

/** The names in the header, in order, when it is the first line of the file; else null. */
export async function csvHeader(spec: CsvSpec): Promise<readonly string[] | null> {
  for await (const { cells, lastLine } of readRecords(spec)) {
    return lastLine - newlinesIn(cells) === 1 ? columnsOf(spec.path, cells) : null;
  }
  return null;
}

const MAX_RECORD_LENGTH = 1_000_000;

interface CsvRecord {
  readonly cells: readonly string[];
  /** Line of the file on which the record ends, from 1. */
  readonly lastLine: number;
}

/** Names of the columns; tables written with their row index have a first one without a name. */
function columnsOf(path: string, header: readonly string[]): readonly string[] {
  const names = header.map((name, index) => name.trim() || `column_${index + 1}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return names;
  throw new SourceError('InvalidRequest', `${path} line 1: the column "${twice}" is there twice; rename one of them`);
}

function entryOf(columns: readonly string[], cells: readonly string[], line: number): TableEntry {
  const original = () => ({ columns, cells });
  if (cells.length === columns.length) {
    return { line, values: Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? ''])), original };
  }
  const count = cells.length === 1 ? '1 cell' : `${cells.length} cells`;
  const problem = `the row has ${count}, the header ${columns.length}; is a comma or quote missing?`;
  return { line, problem, original };
}

function newlinesIn(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
}

async function* readRecords({ path, encoding = 'utf-8', delimiter = ',' }: CsvSpec): AsyncIterable<CsvRecord> {
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    max_record_size: MAX_RECORD_LENGTH,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  // An error of the file destroys the parser, and the loop below throws it.
  pipeline(Readable.from(textBlocks(path, encoding)), parser, () => {});
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
