import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAILED, rowAt } from '../../suites/store-samples.ts';
import { keepRun, type KeptRun } from '../../support/kept-run.ts';
import { cli } from '../../support/recorded-io.ts';

/** One command line over a kept run; nobody listens at the address. */
function report({ dir, runId }: KeptRun, ...argv: readonly string[]) {
  return cli(['runs', 'report', runId, ...argv, '--data-dir', dir, '--address', '127.0.0.1:1'], { workingDir: dir });
}

describe('runs report', () => {
  test('writes <run>.html into the working folder without a server, prints the path and how to open it', async () => {
    await using run = await keepRun([rowAt(0), rowAt(1, FAILED)]);
    const { code, out, err } = await report(run);
    expect([code, out]).toEqual([0, 'brisk-heron-7f2k.html\n']);
    expect(err).toContain('2 of 2 assets are on the page, with 0 pictures');
    expect(err.trimEnd().split('\n').at(-1)).toMatch(/^Open it in a browser: (xdg-)?open brisk-heron-7f2k.html$/);
    const html = await readFile(join(run.dir, 'brisk-heron-7f2k.html'), 'utf8');
    expect(html).toContain('Fix first: AnswerInvalid, 1 asset.');
    expect(html).toContain('picture 0');
  });

  test('--json prints path and counts', async () => {
    await using run = await keepRun([rowAt(0), rowAt(1, FAILED)]);
    const { out } = await report(run, '--json', '-o', 'out/page.html');
    const path = join(run.dir, 'out/page.html');
    expect(JSON.parse(out)).toEqual({
      run_id: run.runId,
      path,
      size_bytes: (await readFile(path)).length,
      state: 'completed',
      assets: 2,
      pictures: 0,
      pictures_not_shown: 2,
      rows: 2,
      total: 2,
    });
  });

  test('replaces its own earlier page, and leaves nothing else behind', async () => {
    await using run = await keepRun([rowAt(0)]);
    const before = await readdir(run.dir);
    for (let turn = 0; turn < 2; turn++) expect((await report(run)).code).toBe(0);
    expect((await readdir(run.dir)).filter((name) => !before.includes(name))).toEqual(['brisk-heron-7f2k.html']);
  });

  test.each([
    ['a page of another run', '<meta name="generator" content="Sightline report of brisk-heron-7f2k-2">'],
    ['something else', 'precious'],
    ['an empty file', ''],
  ])('does not replace %s, unless it is forced to', async (_what, content) => {
    await using run = await keepRun([rowAt(0)]);
    const path = join(run.dir, 'mine.html');
    await writeFile(path, content);
    const { code, out, err } = await report(run, '-o', 'mine.html');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('is not a report of brisk-heron-7f2k');
    expect(err).toContain('--force');
    expect(await readFile(path, 'utf8')).toBe(content);
    expect((await report(run, '-o', 'mine.html', '--force')).code).toBe(0);
    expect(await readFile(path, 'utf8')).toMatch(/^<!doctype html>/);
  });

  test.each([
    ['.', 'is a folder'],
    ['file/below', 'cannot be written'],
    ['/proc/nowhere.html', 'cannot be written'],
  ])('-o %s ends with 2 and says why', async (path, message) => {
    await using run = await keepRun([rowAt(0)]);
    await writeFile(join(run.dir, 'file'), '');
    const { code, err } = await report(run, '-o', path);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('-o');
  });

  test.each([
    ['cancelled', 'The run was cancelled with rows for 1 of 9 assets'],
    ['failed', 'The run failed (StoreUnavailable) with rows for 1 of 9 assets'],
  ] as const)('of a run that was %s says so', async (state, sentence) => {
    const failure = state === 'failed' ? { failure: { name: 'StoreUnavailable', message: 'full' } as const } : {};
    await using run = await keepRun([rowAt(0)], { state, ...failure });
    await run.stores.records.write({ ...run.record, plan: { ...run.record.plan, total: 9 } });
    await report(run);
    expect(await readFile(join(run.dir, `${run.runId}.html`), 'utf8')).toContain(sentence);
  });

  test('of a run without a row, and of one that nobody can ask about', async () => {
    await using run = await keepRun([], { state: 'running', endedAt: null });
    expect((await report(run)).code).toBe(0);
    const html = await readFile(join(run.dir, `${run.runId}.html`), 'utf8');
    expect(html).toContain('No Temporal server answers at 127.0.0.1:1, so it is not known whether the run goes on.');
    expect(html).toContain('There is no row to show yet.');
  });

  test('of a run that is not there ends with 2 and writes nothing', async () => {
    await using run = await keepRun([rowAt(0)]);
    const { code, err } = await report({ ...run, runId: 'another-run' });
    expect(code).toBe(2);
    expect(err).toContain('There is no run another-run in the data folder');
    expect(await readdir(run.dir)).not.toContain('another-run.html');
  });

  test('shows how 20,000 assets went on one small page', async () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => (row % 100 === 99 ? rowAt(row, FAILED) : rowAt(row)));
    await using run = await keepRun(rows);
    await mkdir(join(run.dir, 'out'));
    const { out } = await report(run, '--json');
    expect(JSON.parse(out)).toMatchObject({ rows: 20_000, assets: 60 });
    expect(JSON.parse(out).size_bytes).toBeLessThan(200_000);
  });
});
