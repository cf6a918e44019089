import { CsvError, parse, type Parser } from 'csv-parse';
import type { CsvSpec } from '../contracts/source.ts';
import { textBlocks } from './text-blocks.ts';
import { SourceError } from './ports.ts';
import type { TableEntry } from './table-reader.ts';

/** The rows of a CSV file below its header; takes a specification whose encoding and delimiter are known. */
export async function* csvEntries(spec: CsvSpec): AsyncIterable<readonly TableEntry[]> {
  let columns: readonly string[] | undefined;
  for await (const records of readRecords(spec)) {
    let rows = records;
    if (columns === undefined && records[0] !== undefined) {
      columns = columnsOf(spec.path, records[0].cells);
      rows = records.slice(1);
    }
    const names = columns ?? [];
    yield rows.map((record) => entryOf(names, record));
  }
}

/** The names in the header, in order, when it is the first line of the file; else null. */
export async function csvHeader(spec: CsvSpec): Promise<readonly string[] | null> {
  for await (const [header] of readRecords(spec)) {
    if (header) return lineOf(header) === 1 ? columnsOf(spec.path, header.cells) : null;
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

function entryOf(columns: readonly string[], record: CsvRecord): TableEntry {
  const { cells } = record;
  const line = lineOf(record);
  const original = () => ({ columns, cells });
  if (cells.length === columns.length) {
    return { line, values: Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? ''])), original };
  }
  const count = cells.length === 1 ? '1 cell' : `${cells.length} cells`;
  const problem = `the row has ${count}, the header ${columns.length}; is a comma or quote missing?`;
  return { line, problem, original };
}

/** The line on which a record begins: that on which it ends, less the line ends inside its cells. */
function lineOf({ cells, lastLine }: CsvRecord): number {
  return cells.reduce(
    (line, cell) => line - (/[\r\n]/.test(cell) ? (cell.match(/\r\n|\n|\r/g)?.length ?? 0) : 0),
    lastLine,
  );
}

/** All records that a block of lines completes at once. */
async function* readRecords({
  path,
  encoding = 'utf-8',
  delimiter = ',',
}: CsvSpec): AsyncIterable<readonly CsvRecord[]> {
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
  let failure: Error | undefined;
  parser.once('error', (error) => (failure = error));
  for await (const block of textBlocks(path, encoding)) {
    // The parser does its work inside of `write`, so everything can be taken at once.
    parser.write(block);
    yield take();
  }
  parser.end();
  // What is left comes when the end has been seen; a failure destroys the parser, and `take` says which.
  const rest = await Array.fromAsync(parser as AsyncIterable<ParsedRecord>).catch(() => []);
  yield [...take(), ...rest.map(toRecord)];

  function take(): readonly CsvRecord[] {
    if (failure) throw failure instanceof CsvError ? brokenQuotes(path, failure) : failure;
    const records: CsvRecord[] = [];
    for (let item = nextOf(parser); item !== null; item = nextOf(parser)) {
      records.push(toRecord(item));
    }
    return records;
  }
}

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function toRecord({ record, info }: ParsedRecord): CsvRecord {
  return { cells: record, lastLine: info.lines };
}

function nextOf(parser: Parser): ParsedRecord | null {
  return parser.read() as ParsedRecord | null;
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
