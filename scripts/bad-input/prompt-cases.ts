import type { BadCase, BadGroup, End } from './bad-case.ts';

const GOOD = ['words: Look.', 'fields:', '  - { name: lamps, type: integer }'];

/** A prompt file that `prompts validate` refuses. */
function prompt(what: string, content: readonly string[] | Uint8Array, todo: string, name = 'lamps.yaml'): BadCase {
  return {
    what,
    todo,
    async make(bench): Promise<End> {
      await bench.write(name, content instanceof Uint8Array ? content : [...content, ''].join('\n'));
      const { code, out } = await bench.sightline(['prompts', 'validate', name]);
      return { message: out.trim(), ends: `exit code ${code}` };
    },
  };
}

/** The same with one field. */
const field = (what: string, text: string, todo: string): BadCase =>
  prompt(what, ['words: Look.', 'fields:', `  - ${text}`], todo);

const files: BadGroup = {
  title: 'Prompt files',
  intro:
    'What `prompts validate` says: every problem at once, with its line. `runs start` and `try` name the first. Nothing is started. A run that is going on keeps the prompt with which it began, whatever becomes of the file.',
  cases: [
    prompt('not YAML', ['words: "Look.', 'fields:'], 'close the quote'),
    prompt('a list', ['- Look.'], 'begin with `npx sightline prompts new`'),
    prompt('tabs', ['words: Look.', 'fields:', '\t- { name: lamps, type: integer }'], 'indent with blanks'),
    prompt('no words', GOOD.slice(1), 'say what the model is to do'),
    prompt('no fields', GOOD.slice(0, 1), 'add a field'),
    prompt('a key that there is not', ['wrods: Look.', ...GOOD], 'correct it'),
    prompt('two of a key', ['words: Look.', ...GOOD], 'remove one'),
    field('a name in capitals', '{ name: lampCount, type: integer }', '`lamp_count`'),
    field('a name that results have already', '{ name: outcome, type: string }', 'take another'),
    field('a type that there is not', '{ name: lamps, type: int }', '`integer`'),
    field('no type', '{ name: lamps }', 'add it'),
    field('a choice without answers', '{ name: light, type: one-of }', '`values: [day, night]`'),
    field('an answer that YAML takes for true', '{ name: lit, type: one-of, values: [yes, true] }', "`'true'`"),
    field('bounds the wrong way round', '{ name: lamps, type: integer, min: 5, max: 1 }', 'exchange them'),
    field('bounds of a text', '{ name: note, type: string, max: 5 }', '`maxLength`'),
    prompt('a field twice', [...GOOD, '  - { name: lamps, type: number }'], 'rename one'),
    prompt('Latin-1', Buffer.from('words: Stra\xdfe\n', 'latin1'), 'save it as UTF-8'),
    prompt('over 200 KB', [`words: ${'x'.repeat(200_001)}`], 'shorten it'),
    prompt('the name of a built-in prompt', GOOD, 'rename the file', 'resolution.yaml'),
    prompt('a name with capitals', GOOD, 'rename the file', 'Lamps.yaml'),
    prompt('another ending', GOOD, 'rename the file', 'lamps.txt'),
    {
      what: 'no file',
      todo: 'correct the path',
      async make(bench) {
        const { code, out } = await bench.sightline(['prompts', 'validate', 'lamps.yaml']);
        return { message: out.trim(), ends: `exit code ${code}` };
      },
    },
  ],
};

/** Prompt files that are broken. */
export const PROMPT_GROUPS: readonly BadGroup[] = [files];
