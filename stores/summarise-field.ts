import type { PromptField } from '../contracts/prompt.ts';
import { histogramSteps, type Steps } from './histogram-steps.ts';
import type { Bin, FieldSummary, GroupSummary, NumberSummary, TextSummary, WordSummary } from './ports.ts';
import type { SummaryTable } from './summary-table.ts';

/** What the column of one field adds up to; `rows` are those of the whole table. */
export async function summariseField(table: SummaryTable, field: PromptField, rows: number): Promise<FieldSummary> {
  switch (field.type) {
    case 'integer':
    case 'number':
      return summariseNumbers(table, field, rows);
    case 'boolean':
    case 'one-of':
    case 'strings':
      return summariseWords(table, field);
    case 'string':
      return summariseTexts(table, field);
  }
}

/** The same without any row. */
export function emptyField({ name, type }: PromptField): FieldSummary {
  switch (type) {
    case 'integer':
    case 'number':
      return { kind: 'numbers', name, filled: 0, spread: null };
    case 'boolean':
    case 'one-of':
    case 'strings':
      return { kind: 'words', name, filled: 0, distinct: 0, values: [] };
    case 'string':
      return { kind: 'texts', name, filled: 0, distinct: 0, lengths: null, samples: [] };
  }
}

export function toGroups(rows: readonly Readonly<Record<string, unknown>>[]): readonly GroupSummary<string>[] {
  return rows.map((row) => ({
    name: String(row['name']),
    rows: Number(row['found']),
    samples: toNumbers(row['samples']),
  }));
}

const SAMPLES = 6;
const VALUES = 20;
/** An exact median takes 8 bytes a row. */
const EXACT_UP_TO_ROWS = 1_000_000;

async function summariseNumbers(table: SummaryTable, field: PromptField, rows: number): Promise<NumberSummary> {
  const { query, source, words } = table;
  const value = words.asDouble(words.column(field.name));
  const filledRows = `(SELECT ${value} AS value, row_number, row_key FROM ${source} WHERE ${words.filled(field)})`;
  // Equal values come in the order of their row keys.
  const [found = {}] = await query(`SELECT count(*) AS filled, min(value) AS lowest, max(value) AS highest,
    ${words.first(['value', 'row_key'], SAMPLES)} AS lowest_rows, ${words.last(['value', 'row_key'], SAMPLES)} AS highest_rows
    FROM ${filledRows}`);
  const filled = Number(found['filled']);
  if (filled === 0) return { kind: 'numbers', name: field.name, filled, spread: null };
  const [middle = {}] = await query(words.median(filledRows, rows <= EXACT_UP_TO_ROWS));
  const [min, max] = [Number(found['lowest']), Number(found['highest'])];
  return {
    kind: 'numbers',
    name: field.name,
    filled,
    spread: {
      min,
      median: Number(middle['median']),
      max,
      bins: await countBins(table, filledRows, histogramSteps(field, min, max)),
      lowest: toNumbers(found['lowest_rows']),
      highest: toNumbers(found['highest_rows']),
    },
  };
}

async function countBins({ query }: SummaryTable, filledRows: string, steps: Steps): Promise<readonly Bin[]> {
  const { start, step, count } = steps;
  // Rounded first: 0.15 / 0.05 is 2.9999999999999996.
  const at = step === 0 ? '0' : `floor(round((value - (${start})) / ${step}, 9))`;
  const counted = await query(`SELECT greatest(0, least(${count - 1}, ${at})) AS bin, count(*) AS found
    FROM ${filledRows} GROUP BY bin`);
  const foundIn = new Map(counted.map(({ bin, found }) => [Number(bin), Number(found)]));
  return Array.from({ length: count }, (_, bin) => ({
    from: tidy(start + bin * step),
    to: tidy(start + (bin + 1) * step),
    rows: foundIn.get(bin) ?? 0,
  }));
}

async function summariseWords({ query, source, words }: SummaryTable, field: PromptField): Promise<WordSummary> {
  const each = words.eachWord(source, field);
  const [totals = {}] = await query(`SELECT count(*) AS filled FROM ${source} WHERE ${words.filled(field)}`);
  const [different = {}] = await query(`SELECT count(DISTINCT name) AS found FROM (${each})`);
  const values = await query(`SELECT name, count(*) AS found, ${words.first(['row_key'], SAMPLES)} AS samples
    FROM (${each}) GROUP BY name ORDER BY found DESC, name LIMIT ${VALUES}`);
  return {
    kind: 'words',
    name: field.name,
    filled: Number(totals['filled']),
    distinct: Number(different['found']),
    values: toGroups(values),
  };
}

async function summariseTexts({ query, source, words }: SummaryTable, field: PromptField): Promise<TextSummary> {
  const column = words.column(field.name);
  const [found = {}] = await query(`SELECT count(*) AS filled, approx_count_distinct(${column}) AS different,
    min(length(${column})) AS shortest, max(length(${column})) AS longest,
    ${words.first(['row_key'], SAMPLES)} AS samples FROM ${source} WHERE ${words.filled(field)}`);
  const filled = Number(found['filled']);
  return {
    kind: 'texts',
    name: field.name,
    filled,
    distinct: Math.min(filled, Number(found['different'])),
    lengths: filled === 0 ? null : { min: Number(found['shortest']), max: Number(found['longest']) },
    samples: toNumbers(found['samples']),
  };
}

function toNumbers(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}

/** 0.30000000000000004 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
