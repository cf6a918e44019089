import { defineCommand } from '../define-command.ts';
import { followRun } from '../follow-run.ts';
import { wholeNumber } from '../parse-option.ts';
import { reportFollowed } from '../report-followed.ts';
import { withRun } from '../with-run.ts';
import { timeoutOf } from './runs-start.ts';

interface WatchOptions {
  /** Seconds. */
  readonly timeout?: number;
}

export const runsWatch = defineCommand<WatchOptions>({
  usage: 'runs watch <run>',
  summary: 'Show progress until a run ends; Ctrl-C leaves it running',
  examples: ['runs watch brisk-heron-7f2k', 'runs watch brisk-heron-7f2k --timeout 600 && echo done'],
  options: (command) =>
    command.option('--timeout <seconds>', 'wait at most so long', wholeNumber(0, 31_536_000, 'seconds')),
  async run(context, options, [runId = '']) {
    await using sightline = await context.connect();
    const followed = await withRun(sightline, runId, () => followRun(context, sightline, runId, timeoutOf(options)));
    return await reportFollowed(context, sightline, runId, followed);
  },
});
