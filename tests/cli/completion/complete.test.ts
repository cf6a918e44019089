import { describe, expect, test } from 'vitest';
import { COMMANDS, GROUPS } from '../../../cli/command-table.ts';
import { keepRun } from '../../support/kept-run.ts';
import { cli } from '../../support/recorded-io.ts';

/** What a shell is told for a line of which the last word is still being typed. */
async function complete(words: readonly string[], env: Record<string, string> = {}): Promise<readonly string[]> {
  const { code, out, err } = await cli(['complete', '--', ...words], { env });
  expect([code, err]).toEqual([0, '']);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0] ?? '');
}

describe('completes', () => {
  test('the first word with every command and group', async () => {
    const words = COMMANDS.map(({ usage }) => usage.split(' ')[0] ?? '');
    expect(new Set(await complete(['']))).toEqual(new Set([...Object.keys(GROUPS), ...words, 'help']));
  });

  test.each([
    [['ru'], ['runs']],
    [
      ['runs', 're'],
      ['report', 'rename', 'resume'],
    ],
    [['--json', 'runs', 'sh'], ['show']],
    [['--data-dir', 'runs', 'runs', 'sh'], ['show']],
    [['runs', 'show', '--js'], ['--json']],
    [['runs', 'report', '--f'], ['--force']],
    [
      ['--time-format', ''],
      ['relative', 'iso', 'raw'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', 'powershell'],
    ],
    [['runs', 'start', '--prompt', 'photo'], ['photo-quality']],
    [['prompts', 'show', 'resol'], ['resolution']],
    [['runs', 'start', ''], [':files']],
    [['runs', 'start', '--out', ''], [':files']],
    [['try', 'a.jpg', ''], [':files']],
    [['runs', 'start', '--limit-nobody-has', ''], [':files']],
    [['runs', 'list', '--limit', ''], []],
    [['runs', 'list', ''], []],
    [['nothing', ''], []],
    // As PowerShell asks.
    [['runs', 'sh '], ['show']],
  ])('%j with %j', async (words, found) => {
    expect(await complete(words)).toEqual(found);
  });

  test('ids of the runs that the data folder keeps, however it is named, without a server', async () => {
    await using run = await keepRun([]);
    await run.stores.records.rename(run.runId, 'poles');
    const env = { SIGHTLINE_DATA_DIR: run.dir, TEMPORAL_ADDRESS: '127.0.0.1:1' };
    expect(await complete(['runs', 'show', ''], env)).toEqual([run.runId]);
    expect(await complete(['--data-dir', run.dir, 'results', 'list', 'brisk'])).toEqual([run.runId]);
    expect(await complete(['runs', 'show', 'x'], env)).toEqual([]);
    const { out } = await cli(['complete', '--', 'runs', 'show', ''], { env });
    expect(out).toBe(`${run.runId}\tpoles\n`);
  });
});

test('a Tab never shows an error', async () => {
  expect(await complete(['runs', 'show', ''], { SIGHTLINE_IMAGE_MAX_BYTES: 'big' })).toEqual([]);
});

test('nobody is told of the command that shells use', async () => {
  expect((await cli([])).out).not.toContain('complete [words');
});
