import { keepRun, placesOf } from '../../tests/support/kept-run.ts';
import { rowAt } from '../../tests/suites/store-samples.ts';
import { endOf, type BadCase, type BadGroup } from './bad-case.ts';

/** A command line that is refused; `photos` holds an image. */
function command(what: string, argv: readonly string[], todo: string, env = {}): BadCase {
  return {
    what,
    todo,
    async make(bench) {
      await bench.write('photos/a.jpg', '');
      return endOf(await bench.sightline(argv, { env }));
    },
  };
}

const start = ['runs', 'start', 'photos'];
/** Before a setting of the analyzer. */
const GEMINI = [...start, '--analyzer', 'gemini', '--setting'];
/** Nobody listens there. */
const NOWHERE = ['--address', '127.0.0.1:1'];

const lines: BadGroup = {
  title: 'The command line and the settings',
  intro: 'Nothing is started.',
  cases: [
    command('a command that there is not', ['runs', 'strat', 'photos'], 'correct it'),
    command('an option that there is not', ['runs', 'list', '--limt', '3'], 'correct it'),
    command('nothing where something is needed', ['runs', 'show'], 'add it'),
    command('more than is needed', ['runs', 'start', 'my', 'photos'], 'put names with blanks in quotes'),
    command('a number out of bounds', [...start, '--shard-size', '501'], 'take one within'),
    command('a word for a number', [...start, '--timeout', 'soon', '--wait'], 'write seconds'),
    command('`--timeout` without `--wait`', [...start, '--timeout', '5'], 'add `--wait`'),
    command('an id with blanks or capitals', [...start, '--id', 'My run'], '`--id my-run`'),
    command('a setting without a value', [...start, '--setting', 'maxSidePx'], '`--setting maxSidePx=1024`'),
    command('a setting that there is not', [...start, '--setting', 'maxSide=1024'], 'correct it'),
    command('a setting of another type', [...start, '--setting', 'maxSidePx=small'], 'write a number'),
    command('a prompt that there is not', [...start, '--prompt', 'photo-qualty'], 'correct it'),
    command('an analyzer that there is not', [...start, '--analyzer', 'ofline'], 'correct it'),
    command(
      'a prompt that the analyzer cannot answer',
      [...start, '--prompt', 'storefront'],
      'choose another prompt or analyzer',
    ),
    command('an outcome that there is not', ['results', 'list', 'my-run', '--only', 'faild'], 'correct it'),
    command('a setting of the environment that is wrong', ['try', 'photos/a.jpg'], 'correct it', {
      SIGHTLINE_IMAGE_MAX_BYTES: 'big',
    }),
    command('a key that cannot be one', ['try', 'photos/a.jpg'], 'correct it; keys are never shown', {
      GEMINI_API_KEY: 'my key',
    }),
    command('a model without a key', ['try', 'photos/a.jpg', '--analyzer', 'gemini'], 'set a key or a project'),
    command('a lane without a key', ['worker', '--lane', 'gemini'], 'set a key or a project'),
    command('a setting of a model that is misspelt', [...GEMINI, 'mediaResolutoin=low'], 'correct it'),
    command('a setting of a model that is out of bounds', [...GEMINI, 'temperature=3'], 'correct it'),
    command('a picture for `try` that is not there', ['try', 'b.jpg'], 'correct the path'),
    command('a folder for `try`', ['try', 'photos'], 'name the pictures'),
    {
      what: 'a prompt that is there already',
      todo: 'choose another name, or edit that file',
      async make(bench) {
        await bench.sightline(['prompts', 'new', 'bench']);
        return endOf(await bench.sightline(['prompts', 'new', 'bench']));
      },
    },
    command('no Temporal server', [...start, ...NOWHERE], '`npx sightline dev`'),
    command(
      'a run that is not there',
      ['runs', 'show', 'my-run', '--data-dir', '.sightline', ...NOWHERE],
      'see `runs list`, or `--data-dir`',
    ),
  ],
};

/** A filter that is refused, over the rows of a run that has ended. */
function filter(what: string, text: string, todo: string): BadCase {
  return {
    what,
    todo,
    async make(bench) {
      await using kept = await keepRun([rowAt(0)]);
      const end = endOf(await bench.sightline(['results', 'list', kept.runId, '--filter', text, ...placesOf(kept)]));
      // Below it stand the filter and a mark, which need their own lines.
      return { ...end, message: end.message.split('\n')[0] ?? '' };
    },
  };
}

const filters: BadGroup = {
  title: 'Filters',
  intro: 'What `results list --filter` says, above the filter with a mark under the place. No rows are printed.',
  cases: [
    filter('a column that there is not', 'sharpnes < 0.2', 'correct it'),
    filter('a word for a number', 'sharpness < soft', 'write a number'),
    filter('an operator of another language', "caption == 'a bench'", '`=`'),
    filter('an order of true and false', 'usable > false', '`usable = true`'),
    filter('a quote that stays open', "caption ~ 'bench", 'close it'),
    filter('nothing behind `and`', 'sharpness < 0.2 and', 'finish it'),
    filter('two conditions side by side', 'sharpness < 0.2 lamps > 1', 'put `and` or `or` between them'),
    filter('a bracket that stays open', '(lamps > 1', 'close it'),
    filter('nothing', '', 'leave `--filter` out'),
  ],
};

/** Command lines, settings and filters that are wrong. */
export const COMMAND_GROUPS: readonly BadGroup[] = [lines, filters];
