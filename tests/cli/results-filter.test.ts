import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, type CliResult, type IoChoice } from '../support/recorded-io.ts';
import { CONTEXT, rowAt } from '../suites/store-samples.ts';
import { keepRun, placesOf, type KeptRun } from '../support/kept-run.ts';

let kept: KeptRun;
beforeAll(async () => {
  const answers = [
    { caption: 'a bench', sharpness: 0.1, things: ['bench', 'tree'] },
    { caption: 'a Lamp', sharpness: 0.15, things: [] },
    { caption: 'a lamp', sharpness: 0.9, things: ['lamp'] },
    { caption: 'nothing' },
  ];
  kept = await keepRun(
    answers.map((findings, row) =>
      rowAt(row, { findings }, { assetId: `thing ${row}`, attributes: { street: "Broad's" } }),
    ),
  );
});
afterAll(() => kept[Symbol.asyncDispose]());

function list(argv: readonly string[], choice: IoChoice = {}): Promise<CliResult> {
  return cli(['results', 'list', CONTEXT.runId, ...argv, ...placesOf(kept)], choice);
}

describe('results list --filter', () => {
  test.each([
    ['sharpness < 0.2', ['thing 0', 'thing 1']],
    ['sharpness < 0.2 and caption ~ LAMP', ['thing 1']],
    ['not sharpness < 0.2', ['thing 2', 'thing 3']],
    ['sharpness is null or things = bench', ['thing 0', 'thing 3']],
    [`attributes.street = 'Broad''s' and asset_id in ("thing 0", 'thing 9')`, ['thing 0']],
    ['analyzed_at < 2020-01-01', []],
  ])('%s', async (filter, ids) => {
    const { code, out } = await list(['--filter', filter, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out).map((row: { asset_id: string }) => row.asset_id)).toEqual(ids);
    const lines = (await list(['--filter', filter, '--jsonl', '--all'])).out.split('\n').filter((line) => line !== '');
    expect(lines).toHaveLength(ids.length);
  });

  test('is kept in the command for the next page', async () => {
    const page = ['--filter', "caption ~ 'a'", '--only', 'succeeded', '--limit', '2'];
    const { err } = await list(page);
    expect(err).toContain(
      `Next: npx sightline results list ${CONTEXT.runId} --only succeeded --filter 'caption ~ '\\''a'\\''' --after 'thing 1'`,
    );
    expect((await list([...page, '--after', 'thing 1', '--quiet'])).out).toBe('thing 2\n');
  });

  test('says when nothing fits', async () => {
    expect(await list(['--filter', 'sharpness > 1'])).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('No rows fit the filter.'),
    });
  });

  test.each([
    ["attributes.stret = 'Main'", 'No row of this run has the attribute "stret"; did you mean "street"?'],
    ['not attributes.height is null', 'No row of this run has the attribute "height"; there are street'],
  ])('%s: says that no row has the attribute', async (filter, message) => {
    expect((await list(['--filter', filter])).err).toContain(`No rows fit the filter.\n${message}\n`);
  });

  test.each([["not attributes.stret = 'Main'"], ["attributes.stret != 'Main'"], ['attributes.stret is null']])(
    '%s: says so too where every row fits for want of it',
    async (filter) => {
      for (const shape of [['--json'], ['--jsonl'], []]) {
        const { out, err } = await list(['--filter', filter, ...shape]);
        expect(out).toContain('thing 3');
        expect(err).toContain('No row of this run has the attribute "stret"; did you mean "street"?\n');
      }
    },
  );

  test('says nothing of attributes that are there', async () => {
    for (const filter of ['attributes.street = x', 'attributes.street != x', 'attributes.street is null']) {
      expect((await list(['--filter', filter])).err).not.toContain('No row of this run');
    }
  });

  test.each([
    ['sharpnes < 1', 'did you mean "sharpness"?\nsharpnes < 1\n^^^^^^^^\n'],
    ['caption = x and sharpness = soft', '"sharpness" takes a number, not "soft"\ncaption = x and sharpness = soft\n'],
    ['', 'a column is expected, the filter ends here'],
  ])('%j ends with 2 and shows the place', async (filter, message) => {
    const { code, out, err } = await list(['--filter', filter]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    const problem = JSON.parse((await list(['--filter', filter, '--json'])).err);
    expect(problem).toMatchObject({ exit_code: 2, title: expect.stringContaining('The filter is wrong at character') });
  });
});

test('of a run whose rows are loaded at its end that is said while there are none', async () => {
  await using run = await keepRun([rowAt(0)]);
  const store = { kind: 'bigquery', project: 'p', dataset: 'd', mode: 'load' } as const;
  const request = { ...run.record.request, store };
  await run.stores.records.write({ ...run.record, state: 'running', endedAt: null, request });
  const { code, out, err } = await cli(['results', 'list', run.runId, '--only', 'failed', ...placesOf(run)]);
  expect([code, out]).toEqual([0, '']);
  expect(err).toMatch(/^No rows yet: those of this run are loaded when it ends\.\n/);
});
