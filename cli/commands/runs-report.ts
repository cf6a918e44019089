import { resolve } from 'node:path';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { countOf, formatCount } from '../output/numbers.ts';
import { sayOpen } from '../say-open.ts';
import { withKeptRun } from '../with-run.ts';

interface ReportOptions {
  readonly output?: string;
  readonly force?: boolean;
}

export const runsReport = defineCommand<ReportOptions>({
  usage: 'runs report <run>',
  summary: 'Write one HTML page about a run: pictures beside answers, failures, distributions; needs no server',
  examples: ['runs report brisk-heron-7f2k', 'runs report brisk-heron-7f2k -o report.html'],
  options: (command) =>
    command
      .option('-o, --output <file>', 'where to write it (default: <run>.html in the working folder)')
      .option('--force', 'replace a file that is not a report of this run'),
  async run(context, { output, force }, [runId = '']) {
    await using sightline = await context.connect();
    const { writeReport } = await import('../report/write-report.ts');
    const path = resolve(context.io.workingDir, output ?? `${runId}.html`);
    const written = await withKeptRun(sightline, runId, () =>
      writeReport(sightline, runId, { path, ...(force === undefined ? {} : { force }) }),
    );
    const { data, sizeBytes } = written;
    const pictures = data.sheet.flatMap((card) => card.pictures);
    const shown = pictures.filter(({ kind }) => kind === 'shown').length;
    const counts = {
      assets: data.sheet.length,
      pictures: shown,
      picturesNotShown: pictures.length - shown,
      rows: data.summary.rows,
      total: data.run.total,
    };
    if (context.globals.json === true) context.printJson({ runId, path, sizeBytes, state: data.run.state, ...counts });
    else context.print(context.showPath(path));
    context.say(
      `${formatCount(counts.assets)} of ${formatCount(counts.rows)} assets are on the page, with ${formatCount(shown)} pictures (${formatCount(Math.ceil(sizeBytes / 1_000))} KB).`,
    );
    if (counts.picturesNotShown > 0)
      context.say(`Not shown: ${countOf(counts.picturesNotShown, 'picture')}; the page says why.`);
    sayOpen(context, path);
    return EXIT_CODES.ok.code;
  },
});
