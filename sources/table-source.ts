import { dirname } from 'node:path';
import type { Asset } from '../contracts/asset.ts';
import { isImageTheId } from '../contracts/image-as-id.ts';
import type { TableSpec } from '../contracts/source.ts';
import { describeSource } from './describe-source.ts';
import { findIdCandidate } from './find-id-candidate.ts';
import { findOddCells } from './find-odd-cells.ts';
import { guessColumns } from './guess-columns.ts';
import { createJoiner, type TableRow } from './join-rows.ts';
import {
  CELLS_COLUMN,
  REJECT_COLUMNS,
  SourceError,
  type AssetSource,
  type OnOddCell,
  type OnReject,
  type Reject,
} from './ports.ts';
import { recordToAsset, tooLarge } from './record-to-asset.ts';
import type { Settled, TableEntry, TableReader, TableRecord } from './table-reader.ts';

/**
 * A table with a row per asset, or a row per image of an asset; memory grows with the number of ids only.
 *
 * - Columns are taken from the specification or guessed; those without a role become attributes.
 * - Relative image paths start at the base folder, by default that of the file.
 * - Rejected, with their line: rows that cannot be read, rows without id, rows too large, ids that came before.
 */
export function createTableSource<Spec extends TableSpec>(reader: TableReader<Spec>): AssetSource<Spec> {
  const source: AssetSource<Spec> = {
    kind: reader.kind,
    settle: async (spec) => (await settleTable(reader, spec)).spec,
    describe: (spec, watch) => describeSource(source, spec, watch),
    async *assets(spec, onReject, onOddCell) {
      yield* readTable(reader, (await settleTable(reader, spec)).spec, onReject, onOddCell);
    },
    async statement(spec) {
      if (!reader.statement || !isSettled(spec) || spec.rowsPerAsset === 'many') return null;
      if (reader.isMetered) return reader.statement(spec);
      // A statement passes over the mark of a row that was not mended.
      return (await hasColumn(reader, spec, CELLS_COLUMN)) ? null : reader.statement(spec);
    },
    async idCandidate(open) {
      const { spec, sample } = await settleTable(reader, open);
      return findIdCandidate(sample, spec.map);
    },
  };
  return source;
}

const SAMPLE_ROWS = 200;

/** Whether nothing is left open. */
export function isSettled<Spec extends TableSpec>(spec: Spec): spec is Settled<Spec> {
  return spec.base !== undefined && spec.map?.id !== undefined && Array.isArray(spec.map.image);
}

async function hasColumn<Spec extends TableSpec>(
  reader: TableReader<Spec>,
  spec: Spec,
  name: string,
): Promise<boolean> {
  for await (const batch of reader.entries(spec)) {
    const first = batch.find(isRecord);
    if (first) return Object.hasOwn(first.values, name);
  }
  return false;
}

interface SettledTable<Spec> {
  readonly spec: Settled<Spec>;
  /** The first rows that can be read. */
  readonly sample: readonly TableRecord[];
}

async function settleTable<Spec extends TableSpec>(reader: TableReader<Spec>, spec: Spec): Promise<SettledTable<Spec>> {
  const opened = await reader.open(spec);
  if (reader.isMetered && isSettled(opened)) return { spec: opened, sample: [] };
  const sample: TableRecord[] = [];
  const columns = new Set<string>();
  let entries = 0;
  let firstProblem = '';
  for await (const batch of reader.entries(opened)) {
    entries += batch.length;
    for (const entry of batch) {
      if (sample.length === SAMPLE_ROWS) break;
      if (isRecord(entry)) {
        sample.push(entry);
        for (const name of Object.keys(entry.values)) columns.add(name);
      } else firstProblem ||= problemOf(entry.line, entry.problem);
    }
    if (sample.length === SAMPLE_ROWS) break;
  }
  if (entries === 0) throw new SourceError('InvalidRequest', `${spec.path} has no rows; add a row per asset`);
  if (sample.length === 0) throw noneUsable(spec.path, entries, firstProblem);
  for (const name of REJECT_COLUMNS) columns.delete(name);
  const map = guessColumns(spec.path, [...columns], sample, spec.map);
  const rest = { base: opened.base ?? dirname(spec.path), map, rowsPerAsset: spec.rowsPerAsset ?? ('one' as const) };
  return { spec: { ...opened, ...rest }, sample };
}

function noneUsable(path: string, rows: number, firstProblem: string): SourceError {
  const none = rows === 1 ? 'its only row cannot be used' : `none of its ${rows} rows can be used`;
  return new SourceError('InvalidRequest', `${path}: ${none}; ${firstProblem}`);
}

function problemOf(line: number | null, reason: string): string {
  return line === null ? reason : `line ${line}: ${reason}`;
}

type RejectRow = (entry: TableEntry, kind: Reject['kind'], reason: string) => void;

async function* readTable<Spec extends TableSpec>(
  reader: TableReader<Spec>,
  spec: Settled<Spec>,
  onReject: OnReject,
  onOddCell?: OnOddCell,
): AsyncIterable<Asset> {
  const seen = new Set<string>();
  let rejected = 0;
  let firstProblem = '';
  const reject: RejectRow = (entry, kind, reason) => {
    rejected++;
    firstProblem ||= problemOf(entry.line, reason);
    onReject({ line: entry.line, kind, reason, original: entry.original() });
  };
  const joiner = spec.rowsPerAsset === 'many' ? createJoiner() : null;
  for await (const batch of reader.entries(spec)) {
    const rows = rowsOf(batch, spec, reject);
    for (const row of joiner?.add(rows) ?? rows) if (isNew(row)) yield row.asset;
  }
  for (const row of joiner?.end() ?? []) if (isNew(row)) yield row.asset;
  if (seen.size === 0) throw noneUsable(spec.path, rejected, firstProblem);

  function isNew({ asset, entries }: TableRow): boolean {
    const problem = entries.length > 1 ? tooLarge(asset) : null;
    const isDuplicate = problem === null && seen.has(asset.assetId);
    if (problem !== null) for (const entry of entries) reject(entry, 'bad', problem);
    else if (isDuplicate) for (const entry of entries) reject(entry, 'duplicate', duplicateReason(asset.assetId, spec));
    else {
      seen.add(asset.assetId);
      // Everything but the images of an asset is that of its first row.
      const [first] = entries;
      if (onOddCell && first) for (const cell of findOddCells(first, asset, spec.map)) onOddCell(cell);
    }
    return problem === null && !isDuplicate;
  }
}

function isRecord(entry: TableEntry): entry is TableRecord {
  return 'values' in entry;
}

/** One after the other, so that rejects come in the order of the file. */
function* rowsOf<Spec extends TableSpec>(
  entries: readonly TableEntry[],
  spec: Settled<Spec>,
  reject: RejectRow,
): Iterable<TableRow> {
  for (const entry of entries) {
    const asset = isRecord(entry) ? recordToAsset(entry, spec.map, spec.base) : entry.problem;
    if (typeof asset === 'string') reject(entry, ('kind' in entry && entry.kind) || 'bad', asset);
    else if (isRecord(entry)) yield { asset, entries: [entry] };
  }
}

function duplicateReason<Spec extends TableSpec>(assetId: string, spec: Settled<Spec>): string {
  const id = `the id "${assetId.slice(0, 80)}" came before`;
  if (isImageTheId(spec)) return `${id}, and the image is the id; name the column of ids with --map id=COLUMN`;
  return spec.rowsPerAsset === 'one'
    ? `${id}; ids must be unique`
    : `${id}, with other ids between; sort the file so that the rows of an asset stand together`;
}
