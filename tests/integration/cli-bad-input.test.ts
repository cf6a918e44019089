import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, type CliResult } from '../support/recorded-io.ts';
import { startRig, until, type Rig } from '../support/rig.ts';

let rig: Rig;
/** Stands in for a disk that is full. */
let diskIsFull = false;

beforeAll(async () => {
  rig = await startRig();
  await rig.startWorker({
    stores: {
      checkpoint: () => {
        if (diskIsFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      },
    },
  });
  await mkdir(join(rig.dir, 'empty'));
  await mkdir(join(rig.dir, 'no-images'));
  await writeFile(join(rig.dir, 'no-images', 'readme.txt'), 'text');
  await writeFile(join(rig.dir, 'a-file'), 'text');
  const files: Record<string, string | Buffer> = {
    'no-rows.csv': 'id,image\n',
    'nothing.csv': '',
    'no-id.csv': 'colour,shape\nred,round\n',
    'no-image.csv': 'id,colour\na,red\n',
    'ragged.csv': 'id,image\na\nb,b.jpg,more\n',
    'ragged-in-part.csv': 'id,image\na\nb,b.jpg\nc,c.jpg,more\n',
    'utf16.csv': Buffer.from('\ufeffid,image\na,a.jpg\n', 'utf16le'),
    'latin1.csv': Buffer.from('id,image\nstraße,a.jpg\n', 'latin1'),
    'duplicates.csv': 'id,image\na,a.jpg\na,b.jpg\nb,c.jpg\n',
    'quote.csv': 'id,image\na,"a.jpg\n',
    'good.csv': 'id,image\na,a.jpg\n',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(rig.dir, name), content);
}, 120_000);
afterAll(() => rig.close());

function sightline(argv: readonly string[]): Promise<CliResult> {
  return cli([...argv, ...rig.places], { workingDir: rig.dir });
}

const NOOP = ['--analyzer', 'noop'];

describe('each bad input ends with its code and a message that names the thing and the fix', () => {
  test.each<[title: string, argv: readonly string[], code: number, message: string]>([
    ['missing folder', ['nowhere'], 2, 'nowhere does not exist; check the path'],
    ['missing CSV', ['nowhere.csv'], 2, 'nowhere.csv does not exist; check the path'],
    ['neither folder nor table', ['a-file'], 2, 'none of these: a folder of images, or a file ending in .csv'],
    ['unknown prompt', ['good.csv', '--prompt', 'nope'], 2, 'There is no prompt "nope"'],
    ['unknown analyzer', ['good.csv', '--analyzer', 'nope'], 2, 'There is no analyzer "nope"'],
    ['unknown setting', ['good.csv', ...NOOP, '--setting', 'speed=1'], 2, 'speed'],
    ['setting of a wrong type', ['good.csv', ...NOOP, '--setting', 'delayMs=soon'], 2, 'delayMs'],
    ['number out of bounds', ['good.csv', '--shard-size', '0'], 2, 'a whole number from 1 to 500 (assets)'],
    ['not a number', ['good.csv', '--insert-batch', 'many'], 2, 'a whole number from 1 to 500 (outcomes)'],
    ['empty folder', ['empty'], 10, 'empty'],
    ['folder without images', ['no-images'], 10, 'no-images'],
    ['CSV without rows', ['no-rows.csv'], 2, 'has no rows; add a row per asset'],
    ['empty CSV', ['nothing.csv'], 2, 'is empty; it needs a header and rows'],
    ['CSV without the column that was named for the id', ['no-id.csv', '--map', 'id=pole'], 2, 'Its columns: '],
    ['CSV without an image column', ['no-image.csv'], 2, 'name it with "map" (--map)'],
    ['a role that there is not', ['good.csv', '--map', 'iid=pole'], 2, 'Did you mean id?'],
    ['ragged CSV', ['ragged.csv'], 2, 'none of its 2 rows can be used'],
    ['encoding that does not fit', ['latin1.csv', '--encoding', 'utf-8'], 2, 'is not UTF-8'],
    [
      'option of another kind',
      ['good.csv', '--group', '{id}_*', '--format', 'csv'],
      2,
      '--group says nothing about good.csv',
    ],
    ['open quote', ['quote.csv'], 2, 'a quote is opened and never closed'],
    ['unwritable output', ['good.csv', '--out', 'a-file/out'], 10, 'a-file'],
  ])('%s', async (_title, argv, code, message) => {
    const result = await sightline(['runs', 'start', ...argv, '--wait']);
    expect(result.out + result.err).toContain(message);
    expect(result.code).toBe(code);
    expect(result.out + result.err).not.toMatch(/^\s+at /m);
  });

  test('without --wait a bad request does not go unnoticed either', async () => {
    const { code, out } = await sightline(['runs', 'start', 'no-rows.csv', '--id', 'noticed', '--no-check']);
    expect(code).toBe(10);
    expect(out).toContain('InvalidRequest');
    expect(await sightline(['runs', 'show', 'noticed'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('no rows'),
    });
    expect(await sightline(['results', 'list', 'noticed'])).toMatchObject({ code: 0, out: '' });
  });

  test('--no-check leaves the judgement to the worker', async () => {
    const { code, out } = await sightline(['runs', 'start', 'good.csv', '--prompt', 'nope', '--no-check', '--wait']);
    expect(code).toBe(10);
    expect(out).toContain('There is no prompt "nope"');
  });

  test.each([
    ['duplicates.csv', 2, 1],
    ['ragged-in-part.csv', 1, 2],
  ])('rows of %s that cannot be used are counted, never dropped silently', async (file, total, rejected) => {
    const { code, out } = await sightline(['runs', 'start', file, ...NOOP, '--wait']);
    expect(code).toBe(0);
    expect(out).toContain(`${total} = ${total} succeeded`);
    expect(out).toMatch(
      new RegExp(`rejected  ${rejected} (entry|entries) became no asset: .*, listed in .*rejects\\.csv`),
    );
  });

  test.each<[title: string, input: unknown, message: string]>([
    ['nothing', undefined, 'one JSON object'],
    ['a list', [1], 'one JSON object'],
    ['unknown field', { source: 'good.csv', promt: 'x' }, 'Unknown field "promt"'],
    ['wrong type', { source: 5 }, 'Field source'],
    ['out of bounds', { source: 'good.csv', limits: { shardSize: 1_000 } }, 'limits.shardSize'],
  ])('a raw start with %s fails and names the field', async (title, input, message) => {
    const workflowId = `raw-${title.replaceAll(' ', '-')}`;
    await rig.client.workflow.start('analyzeRun', {
      workflowId,
      taskQueue: 'sightline',
      args: input === undefined ? [] : [input],
    });
    const { code, out } = await sightline(['runs', 'watch', workflowId]);
    expect(code).toBe(10);
    expect(out).toContain('InvalidRequest');
    expect(out).toContain(message);
  });
});

test('a full disk only delays a run, and everybody sees why', async () => {
  const csv = await rig.makeCsv(40, 'many.csv');
  const start = ['runs', 'start', csv, ...NOOP, '--setting', 'delayMs=500', '--id', 'delayed', '--insert-batch', '10'];
  expect((await sightline(start)).code).toBe(0);
  diskIsFull = true;
  const shown = await until(
    () => sightline(['runs', 'show', 'delayed']),
    ({ out }) => out.includes('StoreUnavailable'),
    'the trouble to be shown',
  );
  expect(shown.out).toContain('Results cannot be written.');
  expect(shown.out).toContain('ENOSPC');
  diskIsFull = false;
  const ended = await sightline(['runs', 'watch', 'delayed']);
  expect(ended).toMatchObject({ code: 0, out: expect.stringContaining('40 = 40 succeeded') });
});

test('without a worker --wait ends with 7; without --wait the run waits for one', async () => {
  const alone = await startRig();
  try {
    const start = ['runs', 'start', join(rig.dir, 'good.csv'), '--id', 'lonely', ...alone.places];
    const waiting = await cli([...start, '--wait']);
    expect(waiting).toMatchObject({ code: 7, out: '', err: expect.stringContaining('npx sightline worker') });
    const left = await cli(start);
    expect(left).toMatchObject({ code: 0, out: 'lonely\n', err: expect.stringContaining('No worker') });
    const shown = await cli(['runs', 'show', 'lonely', ...alone.places]);
    expect(shown.out).toContain('lonely  preparing');
    expect(shown.out).toContain('No worker answers');
    await alone.client.workflow.getHandle('lonely').terminate();
  } finally {
    await alone.close();
  }
}, 60_000);
