import type { Command } from 'commander';
import type { Filter } from '../../contracts/filter.ts';
import { OUTCOME_KINDS, type OutcomeKind } from '../../contracts/outcome.ts';
import type { Sightline } from '../../client/main.ts';
import type { StoredRow } from '../../stores/ports.ts';
import { usageError } from '../cli-error.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { findUnknownAttributes } from '../find-unknown-attributes.ts';
import { cleanText } from '../output/clean-text.ts';
import { cellText, FAILURE_COLUMNS, shortColumns } from '../output/row-text.ts';
import { wholeNumber, wordsOf } from '../parse-option.ts';
import { withKeptRun } from '../with-run.ts';

interface ResultsOptions {
  readonly only?: readonly OutcomeKind[];
  readonly limit: number;
  readonly all?: boolean;
  readonly after?: string;
  readonly jsonl?: boolean;
  readonly filter?: string;
}

/** The options, with the filter understood. */
interface Wanted extends Omit<ResultsOptions, 'filter'> {
  readonly filter: Filter | undefined;
  /** The filter as it was typed. */
  readonly text: string | undefined;
}

const PAGE_ROWS = 5_000;
const KEPT = new Set(['asset_id', 'outcome', 'failure']);

export const resultsList = defineCommand<ResultsOptions>({
  usage: 'results list <run>',
  summary: 'List the rows of a run in the order of asset ids; needs no server',
  examples: [
    'results list brisk-heron-7f2k',
    'results list brisk-heron-7f2k --only failed,skipped',
    "results list brisk-heron-7f2k --filter 'sharpness < 0.2 and issues ~ blur'",
    'results list brisk-heron-7f2k --all --jsonl > rows.jsonl',
  ],
  options: addOptions,
  async run(context, options, [runId = '']) {
    if (options.jsonl === true && context.globals.json === true) throw usageError('Choose --json or --jsonl.');
    await using sightline = await context.connect();
    await withKeptRun(sightline, runId, async () => {
      const filter = await readFilter(sightline, runId, options);
      await listRows(context, sightline, runId, { ...options, filter, text: options.filter });
    });
    return EXIT_CODES.ok.code;
  },
});

async function readFilter(
  sightline: Sightline,
  runId: string,
  { filter }: ResultsOptions,
): Promise<Filter | undefined> {
  if (filter === undefined) return undefined;
  const parsed = await sightline.parseFilter(runId, filter);
  if (parsed.ok) return parsed.value;
  throw usageError(parsed.failure.message, parsed.failure.detail);
}

async function listRows(context: CliContext, sightline: Sightline, runId: string, options: Wanted): Promise<void> {
  const wanted = options.all === true ? Infinity : options.limit;
  const kept: StoredRow[] = [];
  let last: StoredRow | undefined;
  let count = 0;
  for await (const rows of pages(sightline, runId, options, wanted)) {
    if (options.jsonl === true) for (const row of rows) context.io.stdout.write(`${JSON.stringify(row)}\n`);
    else kept.push(...rows);
    count += rows.length;
    last = rows.at(-1);
  }
  if (options.jsonl !== true) printRows(context, kept, await columnsOf(context, sightline, runId, options, kept));
  if (count === 0) context.say(await emptyText(sightline, runId, options));
  if (options.filter) {
    const shown = last ? [...kept, last] : [];
    const unknown = await findUnknownAttributes(sightline, runId, options.filter, shown);
    for (const text of unknown) context.say(cleanText(text));
  }
  sayNext(context, runId, options, { more: count >= wanted ? last : undefined, first: kept[0] ?? last });
}

function addOptions(command: Command): void {
  command
    .option('--only <outcomes>', `only rows with these outcomes: ${OUTCOME_KINDS.join(', ')}`, wordsOf(OUTCOME_KINDS))
    .option('--filter <filter>', "only rows that fit: sharpness < 0.2 and outcome = succeeded, in the shell's quotes")
    .option('--limit <rows>', 'at most so many', wholeNumber(1, 1_000_000), 50)
    .option('--all', 'all rows')
    .option('--after <asset>', 'rows after this asset id')
    .option('--jsonl', 'one JSON object per line');
}

async function emptyText(sightline: Sightline, runId: string, { only, filter }: Wanted): Promise<string> {
  const { state, request } = (await sightline.record(runId)) ?? {};
  const isLoaded = request?.store.kind === 'bigquery' && request.store.mode === 'load';
  if (state === 'running' && isLoaded) return 'No rows yet: those of this run are loaded when it ends.';
  if (filter) return 'No rows fit the filter.';
  return only ? 'No rows with these outcomes.' : 'No rows yet.';
}

async function columnsOf(
  context: CliContext,
  sightline: Sightline,
  runId: string,
  { only }: Wanted,
  rows: readonly StoredRow[],
): Promise<readonly string[]> {
  // Rows without an answer have nothing in the prompt's fields. Programs need columns that do not depend on the rows.
  const seen = context.io.stdout.isTerminal && rows.length > 0 && rows.every((row) => row['failure'] !== null);
  if (seen || only?.every((kind) => WITHOUT_ANSWER.has(kind))) return FAILURE_COLUMNS;
  return shortColumns(await fieldsOf(sightline, runId));
}

const WITHOUT_ANSWER: ReadonlySet<OutcomeKind> = new Set(['failed', 'blocked', 'skipped']);

async function fieldsOf(sightline: Sightline, runId: string): Promise<readonly string[]> {
  return (await sightline.record(runId))?.plan.fields.map(({ name }) => name) ?? [];
}

async function* pages(sightline: Sightline, runId: string, { only, after, filter }: Wanted, wanted: number) {
  let last = after;
  for (let left = wanted; left > 0;) {
    const limit = Math.min(left, PAGE_ROWS);
    const rows = await sightline.results(runId, {
      limit,
      ...(only ? { outcomes: only } : {}),
      ...(filter ? { filter } : {}),
      ...(last === undefined ? {} : { after: last }),
    });
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    last = String(rows.at(-1)?.['asset_id']);
    left -= rows.length;
  }
}

function printRows(context: CliContext, rows: readonly StoredRow[], all: readonly string[]): void {
  const { globals, io } = context;
  // Rows are in the words of the table already; attributes keep their own.
  if (globals.json === true) return io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  if (globals.quiet === true) return rows.forEach((row) => context.print(cellText(row['asset_id'])));
  if (rows.length === 0) return;
  const isTable = io.stdout.isTerminal && !context.forScreenReader;
  const names = all.filter((name) => !isTable || rows.some((row) => cellText(row[name]) !== ''));
  const cells = rows.map((row) => names.map((name) => cellText(row[name])));
  const columns = names.map(
    (title) => ({ title, align: isNumber(rows, title) ? 'right' : 'left', keep: KEPT.has(title) }) as const,
  );
  context.printTable(columns, cells);
}

function isNumber(rows: readonly StoredRow[], name: string): boolean {
  return rows.some((row) => typeof row[name] === 'number');
}

function sayNext(
  context: CliContext,
  runId: string,
  { only, text }: Wanted,
  { more, first }: { readonly more: StoredRow | undefined; readonly first: StoredRow | undefined },
): void {
  const after = more && cellText(more['asset_id']);
  if (after) {
    const choice = [
      ...(only ? [`--only ${only.join(',')}`] : []),
      ...(text === undefined ? [] : [`--filter ${context.word(text)}`]),
    ];
    context.next(['results list', runId, ...choice, `--after ${context.word(after)}`].join(' '));
  } else if (first) context.next(`results get ${runId} ${context.word(cellText(first['asset_id']))}`);
  else context.next(`runs show ${runId}`);
}
