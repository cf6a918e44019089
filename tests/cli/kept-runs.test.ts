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

describe('where no server answers', () => {
  const SAID = 'This is what the records of runs say: nothing of runs that go on.';

  test('runs list and show say what the records say', async () => {
    await using run = await keepRun([rowAt(0)], { notes: ['A note.'] });
    const listed = await sightline(run, ['runs', 'list']);
    expect(listed).toMatchObject({ code: 0, out: expect.stringContaining('brisk-heron-7f2k\tcompleted (record)\t') });
    expect(listed.err).toContain(SAID);
    expect(listed.err).not.toContain('has forgotten');
    const shown = await sightline(run, ['runs', 'show', run.runId]);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('note      A note.\n') });
    expect(shown.out).toContain('note      No Temporal server answers; this is what its record says.\n');
    expect(shown.out).toMatch(/results {3}\S*results\/street-check/);
    expect(JSON.parse((await sightline(run, ['runs', 'list', '--json'])).out)).toMatchObject([
      { run_id: run.runId, seen_in: 'record', stale: false, state: 'completed' },
    ]);
  });

  test('a run that had not ended is as it was, and nobody is sent to watch it', async () => {
    await using run = await keepRun([rowAt(0)], { state: 'running', endedAt: null });
    const { code, out, err } = await sightline(run, ['runs', 'show', run.runId]);
    expect([code, out.split('\n')[0]]).toEqual([0, 'brisk-heron-7f2k  running']);
    expect(out).toContain('It had not ended when its record was written: it may be further, or over.');
    expect(err).toContain(`Next: npx sightline results list ${run.runId}`);
    expect((await sightline(run, ['runs', 'list'])).out).toContain('running (record)\t');
  });

  test.each([
    [{ spentUsd: 1.5, unknown: 0 }, '1.5'],
    [{ spentUsd: 0, unknown: 1 }, 'unknown'],
    [{ spentUsd: 1.5, unknown: 1 }, 'unknown'],
  ])('runs list piped shows a cost of %j as %s: what is not known is not 0', async (cost, said) => {
    await using run = await keepRun([rowAt(0)], { cost });
    const [header = '', row = ''] = (await sightline(run, ['runs', 'list'])).out.split('\n');
    expect(row.split('\t')[header.split('\t').indexOf('COST')]).toBe(said);
  });

  test('an empty data folder says nothing, and the exit code is that of no server', async () => {
    await using run = await keepRun([]);
    const empty = { ...run, dir: `${run.dir}/nowhere` };
    expect(await cli(['runs', 'list', '--data-dir', empty.dir, '--address', '127.0.0.1:1'])).toMatchObject({
      code: 7,
      out: '',
    });
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
