import { usageError } from '../cli-error.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { failureRule, isFailureName } from '../../contracts/failures.ts';
import { cleanText } from '../output/clean-text.ts';
import { rowText } from '../output/row-text.ts';
import { withKeptRun } from '../with-run.ts';

export const resultsGet = defineCommand<object>({
  usage: 'results get <run> <asset>',
  summary: 'Show the row of one asset; needs no server',
  examples: ['results get brisk-heron-7f2k bench-12', 'results get brisk-heron-7f2k bench-12 --json'],
  async run(context, _options, [runId = '', assetId = '']) {
    await using sightline = await context.connect();
    const row = await withKeptRun(sightline, runId, () => sightline.result(runId, assetId));
    if (!row) {
      throw usageError(
        `Run ${runId} has no row for ${JSON.stringify(assetId)}.`,
        `See its rows with: ${context.command(`results list ${runId}`)}`,
      );
    }
    if (context.globals.json === true) context.io.stdout.write(`${JSON.stringify(row, null, 2)}\n`);
    else if (context.globals.quiet === true) context.print(cleanText(assetId));
    else context.print(rowText(row));
    const { failure } = row;
    if (isFailureName(failure)) context.say(`${failureRule(failure).sentence} ${failureRule(failure).hint}`);
    return EXIT_CODES.ok.code;
  },
});
