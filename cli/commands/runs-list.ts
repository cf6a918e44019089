import type { ListedRun } from '../../client/list-runs.ts';
import type { Sightline } from '../../client/main.ts';
import { viewWithoutServer } from '../../client/read-run.ts';
import type { RunView } from '../../client/run-view.ts';
import { doneCount } from '../../contracts/run.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { formatCost, formatCount } from '../output/numbers.ts';
import { orKept } from '../or-kept.ts';
import { stateText } from '../output/progress-line.ts';
import type { TableColumn } from '../output/table.ts';
import { wholeNumber } from '../parse-option.ts';

interface ListOptions {
  readonly limit: number;
}

const COLUMNS: readonly TableColumn[] = [
  { title: 'RUN', keep: true },
  { title: 'STATE', keep: true },
  { title: 'DONE', align: 'right' },
  { title: 'TOTAL', align: 'right' },
  { title: 'NO ANSWER', align: 'right' },
  { title: 'COST', align: 'right' },
  { title: 'STARTED' },
  { title: 'PROMPT' },
  { title: 'SOURCE', cutAt: 'start' },
  { title: 'NAME' },
];

export const runsList = defineCommand<ListOptions>({
  usage: 'runs list',
  summary:
    'List runs, the newest first, also those that Temporal has forgotten; without a server, what is kept of them',
  examples: ['runs list', 'runs list --limit 5 --json'],
  options: (command) => command.option('--limit <count>', 'at most so many', wholeNumber(1, 1_000), 50),
  async run(context, { limit }) {
    await using sightline = await context.connect();
    const { runs, isKept } = await orKept(
      context,
      async () => ({ runs: await sightline.list({ limit }), isKept: false }),
      () => keptRuns(sightline, limit),
    );
    const { globals } = context;
    if (globals.json === true)
      context.printJson(runs.map(({ view, record }) => ({ ...view, request: record?.request })));
    else if (globals.quiet === true) for (const { view } of runs) context.print(view.runId);
    else if (runs.length > 0) {
      const rows = runs.map((run) => rowOf(context, run));
      // Most runs have no name but their id, and on a narrow terminal there is no room for it.
      const { isTerminal, columns } = context.io.stdout;
      const hasNames = !isTerminal || (columns() >= ROOM_FOR_NAMES && rows.some((row) => row.at(-1) !== ''));
      context.printTable(hasNames ? COLUMNS : COLUMNS.slice(0, -1), rows);
    }
    if (!isKept && runs.some(({ view }) => view.seenIn === 'record')) {
      context.say('(record): Temporal has forgotten the run; its results are kept.');
    }
    if (runs.length === 0) context.say('There are no runs yet.');
    context.next(runs[0] ? `runs show ${runs[0].view.runId}` : 'runs start <folder or CSV> --wait');
    return EXIT_CODES.ok.code;
  },
});

const ROOM_FOR_NAMES = 80;

interface Listed {
  readonly runs: readonly ListedRun[];
  readonly isKept: boolean;
}

async function keptRuns(sightline: Sightline, limit: number): Promise<Listed | undefined> {
  const records = await sightline.kept();
  if (records.length === 0) return undefined;
  return { runs: records.slice(0, limit).map((record) => ({ record, view: viewWithoutServer(record) })), isKept: true };
}

function rowOf(context: CliContext, { view, record }: ListedRun): readonly string[] {
  const { counts } = view;
  const state = view.seenIn === 'record' ? `${view.state} (record)` : stateText(view);
  const onTerminal = context.io.stdout.isTerminal || context.forScreenReader;
  const number = (count: number): string => (onTerminal ? formatCount(count) : String(count));
  return [
    view.runId,
    context.paint(view.state, view.stale && view.seenIn !== 'record' ? `${state} (no worker)` : state),
    number(doneCount(view.counts)),
    number(counts.total),
    number(counts.failed + counts.blocked + counts.skipped),
    onTerminal ? formatCost(view.cost) : costText(view.cost),
    context.time(view.startedAt, onTerminal ? 'relative' : 'raw'),
    record?.request.prompt ?? '',
    record ? context.showPath(record.request.source.path) : '',
    view.name === view.runId ? '' : view.name,
  ];
}

/** For a program: a number only where it is the whole sum. */
function costText({ spentUsd, unknown }: RunView['cost']): string {
  return unknown === 0 ? String(spentUsd) : 'unknown';
}
