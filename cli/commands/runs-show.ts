import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { formatRange } from '../output/duration.ts';
import { runText } from '../output/run-text.ts';
import { nextCommand } from '../report-followed.ts';
import { withKeptRun } from '../with-run.ts';

export const runsShow = defineCommand<object>({
  usage: 'runs show <run>',
  summary: 'Show where a run stands, what failed and where its results are',
  examples: ['runs show brisk-heron-7f2k', 'runs show brisk-heron-7f2k --json'],
  async run(context, _options, [runId = '']) {
    await using sightline = await context.connect();
    const { view, record, files } = await withKeptRun(sightline, runId, () => sightline.details(runId));
    if (context.globals.json === true) context.printJson({ ...view, request: record?.request, files });
    else if (context.globals.quiet === true) context.print(runId);
    else {
      context.print(runText({ view, record, files, context }));
      if (view.ratePerMinute !== null && view.etaSeconds !== null) {
        context.print(`  left      ${formatRange(view.etaSeconds)} at ${Math.round(view.ratePerMinute)}/min`);
      }
    }
    context.next(nextCommand(view, files.length > 0));
    return EXIT_CODES.ok.code;
  },
});
