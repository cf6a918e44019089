import { Option, type Command } from 'commander';
import type { Sightline } from '../../client/main.ts';
import { NoWorker } from '../../client/client-errors.ts';
import { LIMITS, type LimitRule } from '../../contracts/limits.ts';
import { DEFAULT_ANALYZER, DEFAULT_PROMPT } from '../../contracts/run.ts';
import { isRunId } from '../../contracts/ids.ts';
import { usageError } from '../cli-error.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { flagOf } from '../flag-of.ts';
import { followRun } from '../follow-run.ts';
import { cleanText } from '../output/clean-text.ts';
import { repeated, wholeNumber } from '../parse-option.ts';
import { reportFollowed } from '../report-followed.ts';
import { requestFromOptions, type RequestOptions } from '../request-from-options.ts';
import { addSourceOptions, sourceOf, type SourceOptions } from '../source-options.ts';

interface StartOptions extends RequestOptions, SourceOptions {
  readonly id?: string;
  readonly wait?: boolean;
  /** Seconds. */
  readonly timeout?: number;
  readonly check: boolean;
}

/** Long enough to hear of a bad request, short enough for a script. */
const FIRST_LOOK_MS = 3_000;

export const runsStart = defineCommand<StartOptions>({
  usage: 'runs start <source>',
  summary: 'Start a run over a folder of images, a table or a list of them',
  examples: [
    'runs start photos --wait',
    'runs start poles.csv --prompt resolution --id poles-2026 --wait',
    'runs start signs.jsonl --map id=sign,image=photo --wait',
    'runs start - --wait',
    'runs start bq://my-project.streets.poles --limit 20 --analyzer gemini --prompt utility-pole --out bq://my-project.results --wait',
    'runs start photos --analyzer noop --setting delayMs=500 --tag try',
  ],
  options: addOptions,
  async run(context, options, [source = '']) {
    checkOptions(options);
    const request = requestFromOptions(await sourceOf(context, source, options), options, context.io.workingDir);
    if (options.check) {
      const { checkRequest } = await import('../check-request.ts');
      await checkRequest(request, context.io);
    }
    await using sightline = await context.connect();
    const hasWorker = await lookForWorker(context, sightline, options.wait === true);
    const runId = await sightline.start(request, options.id === undefined ? {} : { runId: options.id });
    if (options.wait === true) {
      context.say(`Started ${runId}. Ctrl-C leaves it running.`);
      const followed = await followRun(context, sightline, runId, timeoutOf(options));
      return await reportFollowed(context, sightline, runId, followed);
    }
    return await reportStarted(context, sightline, runId, hasWorker);
  },
});

function addOptions(command: Command): void {
  addSourceOptions(command);
  command
    .option('--prompt <name>', `what to ask (default: ${DEFAULT_PROMPT})`)
    .option('--analyzer <kind>', `who answers (default: ${DEFAULT_ANALYZER})`)
    .option('--model <name>', 'model of the analyzer')
    .option('--setting <key=value>', 'setting of the analyzer; repeatable', repeated)
    .option('--id <id>', 'id of the run (default: a new readable one)')
    .option('--name <name>', 'name for people (default: the id)')
    .option('--tag <tag>', 'label; repeatable', repeated)
    .option(
      '--out <folder>',
      'where the results go; a dataset is bq://project.dataset (default: as the workers are set)',
    )
    .option('--wait', 'show progress and end with the run')
    .option('--timeout <seconds>', 'wait at most so long; the run goes on', wholeNumber(0, 31_536_000, 'seconds'))
    .option('--no-check', 'start even if the request looks wrong from here');
  for (const [name, rule] of Object.entries<LimitRule>(LIMITS)) {
    command.addOption(
      new Option(`${flagOf(name)} <${rule.unit}>`, `${rule.description} (default: ${rule.default})`).argParser(
        wholeNumber(rule.min, rule.max, rule.unit),
      ),
    );
  }
}

function checkOptions({ id, timeout, wait }: StartOptions): void {
  if (id !== undefined && !isRunId(id)) {
    throw usageError(
      `The run id ${JSON.stringify(id)} is not valid.`,
      'An id has 3 to 63 of a-z, 0-9 and -, and begins with a letter or digit.',
    );
  }
  if (timeout !== undefined && wait !== true) throw usageError('--timeout needs --wait.');
}

export function timeoutOf({ timeout }: { readonly timeout?: number }): { readonly timeoutMs?: number } {
  return timeout === undefined ? {} : { timeoutMs: timeout * 1_000 };
}

/** Who waits needs a worker; who does not may start one later. */
async function lookForWorker(context: CliContext, sightline: Sightline, isNeeded: boolean): Promise<boolean> {
  try {
    await sightline.checkWorker();
    return true;
  } catch (error) {
    if (isNeeded || !(error instanceof NoWorker)) throw error;
    context.say(`Warning: ${error.message} The run begins when one does: ${context.command('worker')}`);
    return false;
  }
}

/** A bad request ends the run at once, and that should not go unnoticed. */
async function reportStarted(
  context: CliContext,
  sightline: Sightline,
  runId: string,
  hasWorker: boolean,
): Promise<ExitCode> {
  const view = hasWorker
    ? await sightline.wait(runId, { timeoutMs: FIRST_LOOK_MS, until: ({ state }) => state !== 'preparing' })
    : await sightline.progress(runId);
  for (const note of view.notes) context.say(cleanText(note));
  if (view.state === 'failed') return reportFollowed(context, sightline, runId, { view, why: 'ended' });
  if (context.globals.json === true) context.printJson({ runId, state: view.state });
  else context.print(runId);
  context.say(`Started ${runId}; it goes on by itself.`);
  context.next(`runs watch ${runId}`);
  return EXIT_CODES.ok.code;
}
