import type { Sightline } from '../../client/main.ts';
import { viewWithoutServer } from '../../client/read-run.ts';
import type { RunDetails, RunView } from '../../client/run-view.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { orKept } from '../or-kept.ts';
import { formatRange } from '../output/duration.ts';
import { runText } from '../output/run-text.ts';
import { hasRows, nextCommand, runJson } from '../report-followed.ts';
import { withKeptRun } from '../with-run.ts';

export const runsShow = defineCommand<object>({
  usage: 'runs show <run>',
  summary: 'Show where a run stands, what failed and where its results are; without a server, what is kept of it',
  examples: ['runs show brisk-heron-7f2k', 'runs show brisk-heron-7f2k --json'],
  async run(context, _options, [runId = '']) {
    await using sightline = await context.connect();
    const { view, record, files } = await withKeptRun(sightline, runId, () =>
      orKept(
        context,
        () => sightline.details(runId),
        () => keptDetails(sightline, runId),
      ),
    );
    if (context.globals.json === true) context.printJson(runJson({ view, record, files }));
    else if (context.globals.quiet === true) context.print(runId);
    else {
      context.print(runText({ view, record, files, context }));
      if (view.ratePerMinute !== null && view.etaSeconds !== null) {
        context.print(`  left      ${formatRange(view.etaSeconds)} at ${Math.round(view.ratePerMinute)}/min`);
      }
    }
    // Without a server nothing can be followed.
    context.next(isOpenRecord(view) ? `results list ${runId}` : nextCommand(view, hasRows({ view, record, files })));
    return EXIT_CODES.ok.code;
  },
});

async function keptDetails(sightline: Sightline, runId: string): Promise<RunDetails | undefined> {
  const record = await sightline.record(runId);
  return record && { view: viewWithoutServer(record), record, files: await sightline.files(runId) };
}

function isOpenRecord({ seenIn, stale }: RunView): boolean {
  return seenIn === 'record' && stale;
}
