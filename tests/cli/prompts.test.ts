import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, type CliResult, type IoChoice } from '../support/recorded-io.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('sightline-prompts-');
});
afterAll(() => folder[Symbol.asyncDispose]());

function prompts(argv: readonly string[], choice: IoChoice = {}): Promise<CliResult> {
  return cli(['prompts', ...argv], { workingDir: folder.path, ...choice });
}

const lastLine = ({ err }: CliResult) => err.trimEnd().split('\n').at(-1);

describe('prompts new, validate, list and show lead from one to the next', () => {
  test('new writes a file into the folder of prompts', async () => {
    const made = await prompts(['new', 'bench']);
    expect(made).toMatchObject({ code: 0, out: 'sightline-prompts/bench.yaml\n' });
    expect(lastLine(made)).toBe('Next: npx sightline prompts validate sightline-prompts/bench.yaml');
    const again = await prompts(['new', 'bench']);
    expect(again).toMatchObject({ code: 2, out: '', err: expect.stringContaining('exists already') });
  });

  test('validate says that it is right', async () => {
    const checked = await prompts(['validate', 'sightline-prompts/bench.yaml']);
    expect(checked).toMatchObject({ code: 0, out: 'sightline-prompts/bench.yaml: ok\n' });
    expect(lastLine(checked)).toBe('Next: npx sightline prompts show bench');
  });

  test('validate takes names like show does', async () => {
    expect(await prompts(['validate', 'bench'])).toMatchObject({ code: 0, out: 'sightline-prompts/bench.yaml: ok\n' });
    const builtIn = await prompts(['validate', 'photo-quality', '--quiet']);
    expect(builtIn).toMatchObject({ code: 0, out: expect.stringContaining('photo-quality.yaml') });
    expect(lastLine(await prompts(['validate', 'photo-quality']))).toBe(
      'Next: npx sightline prompts show photo-quality',
    );
    expect(await prompts(['validate', 'bensh'])).toMatchObject({
      code: 2,
      out: '',
      err: 'There is no file and no prompt bensh.\nDid you mean bench?\n',
    });
  });

  test('list has it beside those that are built in, with who answers', async () => {
    const { code, out } = await prompts(['list']);
    expect(code).toBe(0);
    expect(out).toMatch(/^PROMPT\tTITLE\tFIELDS\tANSWERED BY\tFROM\n/);
    expect(out).toContain('\nbench\tMy prompt\t5\tgemini, vertexai, noop\tsightline-prompts/bench.yaml\n');
    expect(out).toContain('\nphoto-quality\tPhoto quality\t7\toffline, gemini, vertexai, noop\tbuilt in\n');
    expect((await prompts(['list', '--quiet'])).out.split('\n')[0]).toBe('bench');
    expect(JSON.parse((await prompts(['list', '--json'])).out)).toContainEqual({
      name: 'bench',
      from: 'user',
      path: join(folder.path, 'sightline-prompts', 'bench.yaml'),
      title: 'My prompt',
      fields: 5,
      analyzers: ['gemini', 'vertexai', 'noop'],
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      problems: [],
    });
  });

  test('show has its words and fields, and who can be asked', async () => {
    const shown = await prompts(['show', 'bench']);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('subject      a bench in a street or park\n');
    expect(shown.out).toContain('\ncondition\tone-of\tgood | worn | broken\tHow the bench looks; broken when');
    expect(lastLine(shown)).toBe('Next: npx sightline runs start <source> --prompt bench --analyzer gemini --wait');
    const { out } = await prompts(['show', 'bench'], { terminal: true, columns: 60 });
    expect(out).toContain('\n    How the bench looks; broken when nobody could sit on it.\n');
    expect(lastLine(await prompts(['show', 'resolution']))).toMatch(/--prompt resolution --wait$/);
  });

  test('show --json is the whole prompt, --schema what a model has to answer', async () => {
    expect(JSON.parse((await prompts(['show', 'utility-pole', '--json'])).out)).toMatchObject({
      name: 'utility-pole',
      subject: expect.any(String),
      words: expect.stringContaining('count it once'),
      fields: expect.arrayContaining([expect.objectContaining({ name: 'notes', max_length: 600, required: false })]),
      digest: expect.any(String),
      analyzers: ['gemini', 'vertexai', 'noop'],
    });
    const schema = JSON.parse((await prompts(['show', 'utility-pole', '--schema'])).out);
    expect(schema.propertyOrdering.slice(0, 2)).toEqual(['visible', 'transformers']);
  });
});

describe('a prompt that is wrong', () => {
  test('validate names every problem of every file with its line, and ends with 2', async () => {
    await writeFile(join(folder.path, 'bad.yaml'), 'wrds: 3\nfields:\n  - name: outcome\n    type: string\n');
    await writeFile(join(folder.path, 'resolution.yaml'), 'words: a\nfields:\n  - {name: a, type: string}\n');
    const { code, out, err } = await prompts(['validate', 'bad.yaml', 'resolution.yaml', 'gone.yaml', 'x.yml', '.']);
    expect(code).toBe(2);
    expect(out.trimEnd().split('\n')).toEqual([
      'bad.yaml:1: unknown key "wrds"; did you mean "words"?',
      'bad.yaml:3: field "outcome": the results table has a column of this name already; choose another name',
      'bad.yaml: "words" is missing: what is the model asked to do?',
      'resolution.yaml: has the name of a built-in prompt; give the file another name',
      'gone.yaml: does not exist; check the path',
      'x.yml: the name of the file must end in .yaml',
      expect.stringContaining(': the name of the file must end in .yaml'),
    ]);
    expect(err).toBe('Mend what is named above, and check again.\nNext: npx sightline prompts new gone\n');
    expect(lastLine(await prompts(['validate', 'bad.yaml']))).toBe('Next: npx sightline prompts show photo-quality');
    const json = JSON.parse((await prompts(['validate', 'bad.yaml', '--json'])).out);
    expect(json).toMatchObject([{ ok: false, prompt: null, problems: [{ line: 1 }, { line: 3 }, { line: null }] }]);
  });

  test('is listed with what to do', async () => {
    const env = { SIGHTLINE_PROMPTS_DIR: 'mine' };
    expect((await prompts(['new', 'lamp'], { env })).out).toBe('mine/lamp.yaml\n');
    const text = await readFile(join(folder.path, 'mine', 'lamp.yaml'), 'utf8');
    await writeFile(join(folder.path, 'mine', 'lamp.yaml'), text.replace('type: boolean', 'type: bool'));
    const listed = await prompts(['list'], { env });
    expect(listed).toMatchObject({ code: 0, out: expect.stringContaining('\nlamp\t(broken)\t\t\tmine/lamp.yaml\n') });
    expect(lastLine(listed)).toBe('Next: npx sightline prompts validate mine/lamp.yaml');
    expect(await prompts(['show', 'lamp'], { env })).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/lamp\.yaml line \d+: field "has_backrest": "type" must be one of/),
    });
  });

  test('outside the folder of prompts is checked all the same, and it is said that nobody finds it there', async () => {
    await writeFile(join(folder.path, 'poles.yaml'), 'words: a\nfields:\n  - {name: a, type: string}\n');
    const { code, err } = await prompts(['validate', 'poles.yaml']);
    expect(code).toBe(0);
    expect(err).toContain('put it into sightline-prompts');
  });

  test.each([
    [['show', 'utility-pol'], 'did you mean "utility-pole"?'],
    [['new', 'Bench'], 'cannot name a prompt'],
    [['new', 'a', '--from', 'nope'], 'There is no prompt "nope" to copy'],
    [['validate'], "Missing required argument 'files'"],
  ])('%j ends with 2', async (argv, message) => {
    expect(await prompts(argv)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
  });
});
