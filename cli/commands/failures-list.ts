import type { FailureOwner } from '../../contracts/failures.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { cleanText } from '../output/clean-text.ts';
import { nameFlags } from '../output/name-flags.ts';
import { countOf, formatCount } from '../output/numbers.ts';
import { formatTsv } from '../output/table.ts';
import { wholeNumber } from '../parse-option.ts';
import { MOST_SAMPLES, readFailures, type Cause } from '../read-failures.ts';
import { withKeptRun } from '../with-run.ts';

interface FailuresOptions {
  readonly samples: number;
}

export const failuresList = defineCommand<FailuresOptions>({
  usage: 'failures list <run>',
  summary: 'List why assets have no answer, the most frequent cause first; needs no server',
  examples: ['failures list brisk-heron-7f2k', 'failures list brisk-heron-7f2k --samples 10 --json'],
  options: (command) =>
    command.option('--samples <count>', 'at most so many assets of each cause', wholeNumber(0, MOST_SAMPLES), 3),
  async run(context, { samples }, [runId = '']) {
    await using sightline = await context.connect();
    const { rows, total, failure, causes } = await withKeptRun(sightline, runId, () =>
      readFailures(sightline, runId, samples),
    );
    const { globals, io } = context;
    if (globals.json === true) context.printJson({ runId, total, rows, failure, causes });
    else if (globals.quiet === true) for (const cause of causes) context.print(cause.name);
    else if (io.stdout.isTerminal || context.forScreenReader)
      for (const cause of causes) context.print(causeText(cause));
    else if (causes.length > 0) context.print(formatTsv(COLUMNS, causes.map(cells)));
    if (failure) context.say(`The run itself failed. ${failure.name}: ${cleanText(nameFlags(failure))}`);
    else if (causes.length === 0) context.say(cleanRun(rows, total));
    sayNext(context, runId, causes[0]);
    return EXIT_CODES.ok.code;
  },
});

const COLUMNS = ['FAILURE', 'COUNT', 'SHARE', 'OWNER', 'RETRY HELPS', 'SENTENCE', 'HINT', 'SAMPLES'].map((title) => ({
  title,
}));

function cells(cause: Cause): readonly string[] {
  const { name, count, share, owner, retryHelps, sentence, hint, samples } = cause;
  const ids = samples.map(({ assetId }) => assetId).join(', ');
  return [name, String(count), String(share), owner, retryHelps ? 'yes' : 'no', sentence, hint, ids];
}

/** Whose turn it is, in words. */
const OWNERS: Readonly<Record<FailureOwner, string>> = {
  source: 'up to whoever owns the images',
  model: 'up to the model',
  you: 'up to you',
  us: 'a defect of Sightline',
};

function causeText({ name, count, share, owner, sentence, hint, retryHelps, samples }: Cause): string {
  return [
    `${name}  ${countOf(count, 'asset')}, ${percentText(share)}, ${OWNERS[owner]}`,
    `  ${sentence} ${hint}`,
    `  ${retryHelps ? 'Trying again later may help.' : 'Trying again helps only when the cause is gone.'}`,
    ...samples.map(({ assetId, message }) => `    ${cleanText(assetId)}  ${cleanText(message)}`.trimEnd()),
    '',
  ].join('\n');
}

/** What is rare is not 0. */
function percentText(share: number): string {
  return share < 0.001 ? 'less than 0.1 %' : `${(share * 100).toFixed(1)} %`;
}

function cleanRun(rows: number, total: number): string {
  if (rows > 0 && rows >= total) return `No failures: each of the ${formatCount(rows)} assets was answered.`;
  return `No failures among the ${formatCount(rows)} of ${formatCount(total)} assets that have a row.`;
}

function sayNext(context: CliContext, runId: string, first: Cause | undefined): void {
  if (first) context.next(`results list ${runId} --filter ${context.word(`failure = ${first.name}`)}`);
  else context.next(`results list ${runId}`);
}
