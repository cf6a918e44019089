import type { RunClient } from '../client/create-run-client.ts';
import { isHeld, type RunDetails, type RunView } from '../client/run-view.ts';
import { doneCount } from '../contracts/run.ts';
import { resultTableOf } from '../stores/bigquery/result-table-name.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT_CODES, exitCodeOf, type ExitCode } from './exit-codes.ts';
import type { Followed } from './follow-run.ts';
import { stateText } from './output/progress-line.ts';
import { runText } from './output/run-text.ts';

/** Says how a wait ended: the summary as data, the next command, and the exit code. */
export async function reportFollowed(
  context: CliContext,
  client: RunClient,
  runId: string,
  { view: seen, why }: Followed,
): Promise<ExitCode> {
  if (why === 'left') {
    if (seen && isHeld(seen.state)) {
      sayHeld(context, seen);
      context.next(nextCommand(seen, false));
      return EXIT_CODES.interrupted.code;
    }
    context.say(`${runId} goes on. Return to it with: ${context.command(`runs watch ${runId}`)}`);
    context.say(`Cancel it with: ${context.command(`runs cancel ${runId}`)}`);
    return EXIT_CODES.interrupted.code;
  }
  const details = await client.details(runId);
  // What the wait saw has the rate; what ended meanwhile is better known now.
  const view = why === 'ended' || !seen ? details.view : seen;
  if (context.globals.json === true) context.printJson(runJson({ ...details, view }));
  else if (context.globals.quiet === true) context.print(runId);
  else context.print(runText({ ...details, view, context }));
  if (why === 'timed-out') {
    if (isHeld(view.state)) sayHeld(context, view);
    else context.say(`The wait is over, ${runId} goes on.`);
    context.next(isHeld(view.state) ? nextCommand(view, false) : `runs watch ${runId}`);
    return EXIT_CODES.timedOut.code;
  }
  context.next(nextCommand(view, hasRows({ ...details, view })));
  return exitCodeOf(view);
}

function sayHeld(context: CliContext, view: RunView): void {
  context.say(`${view.runId} ${view.state === 'paused' ? 'stays' : 'is'} ${stateText(view)}.`);
}

/** A run as JSON, with where its rows are: `table` as `project.dataset.table`, or `files`. */
export function runJson({ view, record, files }: RunDetails) {
  return { ...view, request: record?.request, files, table: record && resultTableOf(record.plan.place) };
}

/** Rows that can be read: in files that are here, or in tables, which have no files. */
export function hasRows({ view, record, files }: RunDetails): boolean {
  if (files.length > 0) return true;
  if (record === null || record.request.store.kind === 'parquet' || doneCount(view.counts) === 0) return false;
  // They are loaded by the end of the run itself.
  return record.request.store.mode !== 'load' || view.state !== 'terminated';
}

/** What a person most likely wants to type after having seen a run. */
export function nextCommand({ runId, state, counts }: RunView, isReadable: boolean): string {
  if (isHeld(state)) return `runs resume ${runId}`;
  const open = ['preparing', 'running', 'verifying', 'cancelling'].includes(state);
  if (open) return `runs watch ${runId}`;
  if (!isReadable) return 'runs list';
  const withoutAnswer = counts.failed + counts.blocked + counts.skipped;
  return withoutAnswer > 0 ? `failures list ${runId}` : `results list ${runId}`;
}
