import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDemoPictures } from '../../cli/demo/make-pictures.ts';
import { PIPED, cli, type CliResult } from '../support/recorded-io.ts';
import { startRig, type Rig } from '../support/rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
  await rig.startWorker();
  await makeDemoPictures(join(rig.dir, 'demo'));
  await sightline(['runs', 'start', 'demo/pictures', '--id', 'rows', '--wait']);
}, 120_000);
afterAll(() => rig.close());

/** One command line against the rig. */
function sightline(argv: readonly string[]): Promise<CliResult> {
  return cli([...argv, ...rig.places], { workingDir: rig.dir });
}

describe('results', () => {
  test('list as lines with tabs when piped, without a server', async () => {
    const away = ['--data-dir', rig.settings.dataDir, '--address', '127.0.0.1:1'];
    const { code, out } = await cli(['results', 'list', 'rows', ...away]);
    expect(code).toBe(0);
    const [header = '', ...lines] = out.trimEnd().split('\n');
    expect(header.split('\t').slice(0, 3)).toEqual(['asset_id', 'outcome', 'sharpness']);
    expect(lines).toHaveLength(19);
    expect(out).toMatch(PIPED);
  });

  test('filter, page, and come as JSON or JSON Lines', async () => {
    const skipped = await sightline(['results', 'list', 'rows', '--only', 'skipped,failed', '--json']);
    expect(JSON.parse(skipped.out).map((row: { asset_id: string }) => row.asset_id)).toEqual([
      'empty.jpg',
      'notes.jpg',
      'truncated.jpg',
    ]);
    const why = await sightline(['results', 'list', 'rows', '--only', 'skipped,failed']);
    expect(why.out.split('\n')[0]).toBe('asset_id\toutcome\tfailure\tfailure_message');
    const first = await sightline(['results', 'list', 'rows', '--limit', '2', '--quiet']);
    expect(first.err).toBe('');
    const [, last = ''] = first.out.trim().split('\n');
    const rest = await sightline(['results', 'list', 'rows', '--after', last, '--all', '--jsonl']);
    expect(
      rest.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).asset_id),
    ).toHaveLength(17);
    const next = await sightline(['results', 'list', 'rows', '--limit', '2']);
    expect(next.err).toContain(`--after ${last}`);
    expect(await sightline(['results', 'list', 'rows', '--only', 'blocked'])).toMatchObject({ code: 0, out: '' });
  });

  test('get one row', async () => {
    const { code, out } = await sightline(['results', 'get', 'rows', 'bench', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      run_id: 'rows',
      asset_id: 'bench',
      outcome: 'succeeded',
      analyzer: 'offline',
    });
    const human = await sightline(['results', 'get', 'rows', 'notes.jpg']);
    expect(human.out).toMatch(/^failure +ImageUnreadable$/m);
    expect(human.err).toContain('Open the file in a viewer');
    expect(await sightline(['results', 'get', 'rows', 'nothing'])).toMatchObject({ code: 2, out: '' });
  });

  test('of an unknown run end with 2 and the id that was meant', async () => {
    expect(await sightline(['results', 'list', 'rowz'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean rows?'),
    });
  });
});
