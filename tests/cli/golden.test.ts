import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readdir } from 'node:fs/promises';
import { COMMANDS, GROUPS } from '../../cli/command-table.ts';
import { FAILED, rowAt } from '../suites/store-samples.ts';
import { expectGolden, session } from '../support/golden.ts';
import { keepRun, type KeptRun } from '../support/kept-run.ts';
import { cli, type IoChoice } from '../support/recorded-io.ts';

/** `runs start <source>` without its arguments. */
function nameOf(usage: string): string {
  return usage
    .split(' ')
    .filter((word) => /^[a-z]/.test(word))
    .join(' ');
}

const NAMES = COMMANDS.map(({ usage }) => nameOf(usage));

describe('help of', () => {
  test.each(['', ...Object.keys(GROUPS), ...NAMES])('sightline %s', async (name) => {
    const words = name === '' ? [] : name.split(' ');
    const { out } = await cli([...words, '--help']);
    await expectGolden(`help/${name === '' ? 'sightline' : words.join('-')}`, out);
  });

  test('the exit codes', async () => {
    await expectGolden('help/exit-codes', (await cli(['help', 'exit-codes'])).out);
  });

  test('nothing that is gone', async () => {
    const known = [
      'sightline',
      'exit-codes',
      ...Object.keys(GROUPS),
      ...NAMES.map((name) => name.replaceAll(' ', '-')),
    ];
    const kept = await readdir(new URL('golden/help', import.meta.url));
    expect(kept.filter((file) => !known.includes(file.replace('.txt', '')))).toEqual([]);
  });
});

describe('what is said without a server by', () => {
  let run: KeptRun;
  beforeAll(async () => {
    const findings = {
      caption: 'A pole',
      lamps: 2,
      sharpness: 0.25,
      usable: true,
      light: 'day',
      things: ['pole', 'wire'],
    };
    run = await keepRun([rowAt(0, { findings }), rowAt(1, FAILED), rowAt(2, { kind: 'not_visible' })]);
  });
  afterAll(() => run[Symbol.asyncDispose]());

  const TERMINAL: IoChoice = { terminal: true, columns: 90 };
  test.each<[file: string, argv: readonly string[], choice?: IoChoice]>([
    ['results-list', ['results', 'list', 'brisk-heron-7f2k']],
    ['results-list-terminal', ['results', 'list', 'brisk-heron-7f2k'], TERMINAL],
    ['results-list-screen-reader', ['results', 'list', 'brisk-heron-7f2k', '--screen-reader'], TERMINAL],
    ['results-list-json', ['results', 'list', 'brisk-heron-7f2k', '--limit', '1', '--json']],
    ['results-get', ['results', 'get', 'brisk-heron-7f2k', 'asset-0000001']],
    ['failures-list', ['failures', 'list', 'brisk-heron-7f2k'], TERMINAL],
    ['failures-list-json', ['failures', 'list', 'brisk-heron-7f2k', '--json']],
    ['runs-report', ['runs', 'report', 'brisk-heron-7f2k']],
    ['runs-report-json', ['runs', 'report', 'brisk-heron-7f2k', '--json']],
    ['runs-rename', ['runs', 'rename', 'brisk-heron-7f2k', 'brisk-heron-7f2k']],
    ['runs-show-no-server', ['runs', 'show', 'brisk-heron-7f2q']],
    ['runs-list-no-server-json', ['runs', 'list', '--json']],
    ['config-list', ['config', 'list', '--show-origin']],
    ['prompts-list', ['prompts', 'list'], TERMINAL],
  ])('%s', async (file, argv, choice = {}) => {
    const places = ['--data-dir', run.dir, '--address', '127.0.0.1:1'];
    const result = await cli([...argv, ...places], { workingDir: run.dir, ...choice, env: { NO_COLOR: '1' } });
    await expectGolden(file, session(argv, result, { [run.dir]: '<folder>' }));
  });
});
