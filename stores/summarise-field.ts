import type { PromptField } from '../contracts/prompt.ts';
import { identifier, queryRows } from './duckdb.ts';
import { histogramSteps, type Steps } from './histogram-steps.ts';
import type { Bin, FieldSummary, GroupSummary, NumberSummary, TextSummary, WordSummary } from './ports.ts';

/** What the column of one field adds up to; `rows` are those of the whole source. */
export async function summariseField(source: string, field: PromptField, rows: number): Promise<FieldSummary> {
  switch (field.type) {
    case 'integer':
    case 'number':
      return summariseNumbers(source, field, rows);
    case 'boolean':
    case 'one-of':
    case 'strings':
      return summariseWords(source, field);
    case 'string':
      return summariseTexts(source, field);
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
    rows: Number(row['rows']),
    samples: toNumbers(row['samples']),
  }));
}

const SAMPLES = 6;
const VALUES = 20;
/** An exact median takes 8 bytes a row. */
const EXACT_UP_TO_ROWS = 1_000_000;

async function summariseNumbers(source: string, field: PromptField, rows: number): Promise<NumberSummary> {
  const column = identifier(field.name);
  const median = rows > EXACT_UP_TO_ROWS ? 'approx_quantile(value, 0.5)' : 'median(value)';
  // Equal values come in the order of their row keys.
  const [found = {}] =
    await queryRows(`SELECT count(*) AS filled, min(value) AS min, ${median} AS median, max(value) AS max,
    arg_min(row_number, {value: value, key: row_key}, ${SAMPLES}) AS lowest,
    arg_max(row_number, {value: value, key: row_key}, ${SAMPLES}) AS highest
    FROM (SELECT CAST(${column} AS DOUBLE) AS value, row_number, row_key FROM ${source}) WHERE value IS NOT NULL`);
  const filled = Number(found['filled']);
  if (filled === 0) return { kind: 'numbers', name: field.name, filled, spread: null };
  const [min, max] = [Number(found['min']), Number(found['max'])];
  return {
    kind: 'numbers',
    name: field.name,
    filled,
    spread: {
      min,
      median: Number(found['median']),
      max,
      bins: await countBins(source, column, histogramSteps(field, min, max)),
      lowest: toNumbers(found['lowest']),
      highest: toNumbers(found['highest']),
    },
  };
}

async function countBins(source: string, column: string, { start, step, count }: Steps): Promise<readonly Bin[]> {
  // Rounded first: 0.15 / 0.05 is 2.9999999999999996.
  const at = step === 0 ? '0' : `floor(round((CAST(${column} AS DOUBLE) - (${start})) / ${step}, 9))`;
  const counted = await queryRows(`SELECT greatest(0, least(${count - 1}, ${at})) AS bin, count(*) AS rows
    FROM ${source} WHERE ${column} IS NOT NULL GROUP BY bin`);
  const rowsOf = new Map(counted.map(({ bin, rows }) => [Number(bin), Number(rows)]));
  return Array.from({ length: count }, (_, bin) => ({
    from: tidy(start + bin * step),
    to: tidy(start + (bin + 1) * step),
    rows: rowsOf.get(bin) ?? 0,
  }));
}

async function summariseWords(source: string, { name, type }: PromptField): Promise<WordSummary> {
  const column = identifier(name);
  const words = type === 'strings' ? `unnest(list_distinct(${column}))` : `CAST(${column} AS VARCHAR)`;
  const each = `SELECT left(${words}, 200) AS name, row_number, row_key FROM ${source} WHERE ${column} IS NOT NULL`;
  const [totals = {}] = await queryRows(`SELECT count(${column}) AS filled FROM ${source}`);
  const [different = {}] = await queryRows(`SELECT count(DISTINCT name) AS count FROM (${each})`);
  const values = await queryRows(`SELECT name, count(*) AS rows, arg_min(row_number, row_key, ${SAMPLES}) AS samples
    FROM (${each}) GROUP BY name ORDER BY rows DESC, name LIMIT ${VALUES}`);
  return {
    kind: 'words',
    name,
    filled: Number(totals['filled']),
    distinct: Number(different['count']),
    values: toGroups(values),
  };
}

async function summariseTexts(source: string, { name }: PromptField): Promise<TextSummary> {
  const column = identifier(name);
  const [found = {}] = await queryRows(`SELECT count(*) AS filled, approx_count_distinct(${column}) AS distinct,
    min(length(${column})) AS shortest, max(length(${column})) AS longest,
    arg_min(row_number, row_key, ${SAMPLES}) AS samples FROM ${source} WHERE ${column} IS NOT NULL`);
  const filled = Number(found['filled']);
  return {
    kind: 'texts',
    name,
    filled,
    distinct: Math.min(filled, Number(found['distinct'])),
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
