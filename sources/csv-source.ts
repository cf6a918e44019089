import type { CsvSpec, Delimiter } from '../contracts/source.ts';
import { DELIMITERS } from '../contracts/source.ts';
import { csvEntries, csvHeader } from './csv-entries.ts';
import { csvStatement } from './csv-statement.ts';
import { detectEncoding } from './detect-encoding.ts';
import { scanChunks } from './read-chunks.ts';
import type { Settled } from './table-reader.ts';
import { createTableSource } from './table-source.ts';
import { textBlocks } from './text-blocks.ts';
import { SourceError, type AssetSource, type AssetStatement } from './ports.ts';

/**
 * A CSV file with a header. UTF-8, UTF-16 and Latin-1 are told apart by their bytes; cells are separated by the first of
 * comma, semicolon, tab and bar that the header has. Rows with more or fewer cells than the header are rejected.
 */
export function createCsvSource(): AssetSource<CsvSpec> {
  return createTableSource({ kind: 'csv', open, entries: csvEntries, statement });
}

async function open(spec: CsvSpec): Promise<CsvSpec & { readonly delimiter: Delimiter }> {
  const encoding = spec.encoding ?? (await detectEncoding(spec.path));
  for await (const block of textBlocks(spec.path, encoding)) {
    const header = headerOf(block);
    if (header !== '') return { ...spec, encoding, delimiter: spec.delimiter ?? delimiterOf(header) };
  }
  throw new SourceError('InvalidRequest', `${spec.path} is empty; it needs a header and rows`);
}

async function statement(spec: Settled<CsvSpec>): Promise<AssetStatement | null> {
  const columns = await csvHeader(spec);
  const sql = columns && csvStatement(spec, columns);
  return sql === null ? null : { dialect: 'duckdb', sql, holds: async () => !(await hasBlankBesideQuote(spec.path)) };
}

/** DuckDB drops blanks around quotes where the reader row by row keeps both. Inside of quotes they mean nothing, but are not told apart here. */
async function hasBlankBesideQuote(path: string): Promise<boolean> {
  let last = '';
  for await (const chunk of scanChunks(path)) {
    if (holdsBlankBesideQuote(chunk)) return true;
    if (holdsBlankBesideQuote(Buffer.from(last + chunk.toString('latin1', 0, 1), 'latin1'))) return true;
    last = chunk.toString('latin1', chunk.length - 1);
  }
  return false;
}

/** Looked for from the side of the quote: there are fewer of them than of blanks. */
function holdsBlankBesideQuote(bytes: Buffer): boolean {
  if (bytes.includes('" ') || bytes.lastIndexOf(' "') >= 0) return true;
  return bytes.includes('\t') && (bytes.includes('"\t') || bytes.lastIndexOf('\t"') >= 0);
}

/** The first line that is not empty. */
function headerOf(block: Buffer): string {
  return (
    block
      .toString('utf8')
      .split(/[\r\n]+/)
      .find((line) => line.trim() !== '') ?? ''
  );
}

function delimiterOf(header: string): Delimiter {
  return DELIMITERS.find((candidate) => header.includes(candidate)) ?? ',';
}
