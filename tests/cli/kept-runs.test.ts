import { describe, expect, test } from 'vitest';
import { rowAt, FAILED } from '../suites/store-samples.ts';
import { keepRun, type KeptRun } from '../support/kept-run.ts';
import { cli, type IoChoice } from '../support/recorded-io.ts';

/** One command line over a kept run, where no server answers. */
function sightline({ dir }: KeptRun, argv: readonly string[], choice: IoChoice = {}) {
  return cli([...argv, '--data-dir', dir, '--address', '127.0.0.1:1'], { workingDir: dir, ...choice });
}

describe('runs rename', () => {
  test('needs no server, prints the run with its name, and says what to type next', async () => {
    await using run = await keepRun([rowAt(0)]);
    const { code, out, err } = await sightline(run, ['runs', 'rename', run.runId, ' poles,\u001b[31m north ']);
    expect([code, out]).toEqual([0, 'brisk-heron-7f2k (poles, [31m north)\n']);
    expect(err).toMatch(/^Next: npx sightline runs show brisk-heron-7f2k /);
    expect((await run.stores.records.read(run.runId))?.name).toBe('poles,\u001b[31m north');
  });

  test('--json says both', async () => {
    await using run = await keepRun([]);
    expect(JSON.parse((await sightline(run, ['runs', 'rename', run.runId, 'poles', '--json'])).out)).toEqual({
      run_id: run.runId,
      name: 'poles',
    });
  });

  test.each([[' '], ['x'.repeat(201)]])('refuses the name %j', async (name) => {
    await using run = await keepRun([]);
    const { code, err } = await sightline(run, ['runs', 'rename', run.runId, name]);
    expect(code).toBe(2);
    expect(err).toContain('1 to 200 characters');
    expect(err).toContain('See: npx sightline runs rename --help');
  });

  test('knows a slip of the keys', async () => {
    await using run = await keepRun([]);
    const { code, err } = await sightline(run, ['runs', 'rename', 'brisk-heron-7f2q', 'poles']);
    expect(code).toBe(2);
    expect(err).toContain('There is no run brisk-heron-7f2q in this data folder.');
    expect(err).toContain('Did you mean brisk-heron-7f2k?');
  });
});

describe('for a screen reader', () => {
  const rows = [rowAt(0, { findings: { caption: 'long '.repeat(60).trim() } }), rowAt(1, FAILED)];

  test.each([
    ['--screen-reader', {}],
    ['', { SIGHTLINE_SCREEN_READER: '1' }],
  ])('%s %j: rows are lines of name and value, and nothing is cut', async (flag, env) => {
    await using run = await keepRun(rows);
    const { out } = await sightline(run, ['results', 'list', run.runId, ...(flag ? [flag] : [])], {
      terminal: true,
      columns: 40,
      env: { ...env, NO_COLOR: '1' },
    });
    expect(out).toBe(
      [
        'asset_id: asset-0000000',
        'outcome: succeeded',
        `caption: ${'long '.repeat(60).trim()}`,
        '',
        'asset_id: asset-0000001',
        'outcome: failed',
        'failure: AnswerInvalid',
        '',
      ].join('\n'),
    );
  });

  test('0 is no screen reader', async () => {
    await using run = await keepRun(rows);
    const { out } = await sightline(run, ['results', 'list', run.runId], {
      terminal: true,
      columns: 40,
      env: { SIGHTLINE_SCREEN_READER: '0' },
    });
    expect(out).toContain('…');
  });
});
