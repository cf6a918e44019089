import { usageError } from '../cli-error.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { runTitle } from '../output/progress-line.ts';
import { withRun } from '../with-run.ts';

/** As in a request. */
const MOST_CHARACTERS = 200;

export const runsRename = defineCommand<object>({
  usage: 'runs rename <run> <name>',
  summary: 'Give a run another name for people; its id stays; needs no server',
  examples: ['runs rename brisk-heron-7f2k "poles, north side"'],
  async run(context, _options, [runId = '', typed = '']) {
    const name = typed.trim();
    if (name === '' || name.length > MOST_CHARACTERS) {
      throw usageError(`A name has 1 to ${MOST_CHARACTERS} characters, not ${name.length}.`);
    }
    await using sightline = await context.connect();
    await withRun(sightline, runId, () => sightline.rename(runId, name));
    if (context.globals.json === true) context.printJson({ runId, name });
    else context.print(context.globals.quiet === true ? runId : runTitle({ runId, name }));
    context.next(`runs show ${runId}`);
    return EXIT_CODES.ok.code;
  },
});
