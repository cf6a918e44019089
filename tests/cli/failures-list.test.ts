import { expect, test } from 'vitest';
import { cli } from '../support/recorded-io.ts';
import { CONTEXT, rowAt, rowsBetween } from '../suites/store-samples.ts';
import { keepRun, placesOf } from '../support/kept-run.ts';

const RUN = CONTEXT.runId;
const missing = (row: number) =>
  rowAt(row, { kind: 'skipped', failure: { name: 'ImageMissing', message: `no file ${row}\u001b[31m.jpg` } });

test('failures are listed by cause, with what to do, without a server', async () => {
  await using kept = await keepRun([...rowsBetween(0, 20), missing(20)]);
  const list = (argv: readonly string[] = [], terminal = false) =>
    cli(['failures', 'list', RUN, ...argv, ...placesOf(kept)], { terminal, workingDir: kept.dir });
  const { code, out, err } = await list([], true);
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    'AnswerInvalid  3 assets, 14.3 %, up to the model',
    expect.stringMatching(/^ {2}The answer does not fit the fields of the prompt\. Make the descriptions/),
    '  Trying again later may help.',
    '    asset-0000003  light takes one of: day, night',
    '    asset-0000010  light takes one of: day, night',
    '    asset-0000017  light takes one of: day, night',
    '',
    'ImageMissing  1 asset, 4.8 %, up to whoever owns the images',
    expect.stringContaining('  The image does not exist. Check the path'),
    '  Trying again helps only when the cause is gone.',
    '    asset-0000020  no file 20 [31m.jpg',
    '',
    '',
  ]);
  expect(err).toContain(`Next: npx sightline results list ${RUN} --filter 'failure = AnswerInvalid'`);
  const json = JSON.parse((await list(['--samples', '1', '--json'])).out);
  expect(json).toMatchObject({ run_id: RUN, total: 21, rows: 21, failure: null });
  expect(json.causes[0]).toEqual({
    name: 'AnswerInvalid',
    count: 3,
    share: 0.1429,
    owner: 'model',
    sentence: 'The answer does not fit the fields of the prompt.',
    hint: expect.any(String),
    retry_helps: true,
    samples: [{ asset_id: 'asset-0000003', message: 'light takes one of: day, night' }],
  });
  expect((await list()).out).toMatch(
    /^FAILURE\tCOUNT\t.*\nAnswerInvalid\t3\t0\.1429\tmodel\tyes\t.*\nImageMissing\t1\t/,
  );
  expect((await list(['--quiet'])).out).toBe('AnswerInvalid\nImageMissing\n');
});

test('the command that it names lists those rows', async () => {
  await using kept = await keepRun([...rowsBetween(0, 20), missing(20)]);
  const argv = ['results', 'list', RUN, '--filter', 'failure = ImageMissing', ...placesOf(kept)];
  expect((await cli([...argv, '--quiet'])).out).toBe('asset-0000020\n');
  const { out } = await cli(argv, { terminal: true });
  expect(out).toMatch(/^asset_id +outcome +failure +failure_message\n/);
});

test('a run without failures is told in one line', async () => {
  await using kept = await keepRun([rowAt(0), rowAt(1)]);
  const { code, out, err } = await cli(['failures', 'list', RUN, ...placesOf(kept)]);
  expect([code, out]).toEqual([0, '']);
  expect(err).toMatch(/^No failures: each of the 2 assets was answered\.\nNext: /);
});

test('a run that is not there ends with 2', async () => {
  await using kept = await keepRun([rowAt(0)]);
  expect(await cli(['failures', 'list', 'another-run', ...placesOf(kept)])).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('There is no run another-run'),
  });
});
