import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../cli/command-table.ts';
import { startWebServer } from '../support/web-server.ts';
import { cli } from '../support/recorded-io.ts';

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sightline-cli-'));
  const picture = sharp({ create: { width: 320, height: 200, channels: 3, background: '#336699' } });
  await picture.clone().jpeg().toFile(join(dir, 'good.jpg'));
  await writeFile(join(dir, 'text.jpg'), 'not a picture');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Nobody listens there. */
const NOWHERE = ['--address', '127.0.0.1:1'];

describe('help', () => {
  test('without a command shows the first steps and every command', async () => {
    const { code, out, err } = await cli([]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/npx sightline demo/);
    expect(out).not.toContain('\n\n\n');
    for (const { usage } of COMMANDS) expect(out).toContain(usage.split(' ')[0]);
  });

  test.each(COMMANDS.map(({ usage }) => usage))('%s shows examples first', async (usage) => {
    const words = usage.split(' ').filter((word) => !word.startsWith('<'));
    const { code, out } = await cli([...words, '--help']);
    expect(code).toBe(0);
    expect(out.indexOf('npx sightline')).toBeGreaterThan(0);
    expect(out.indexOf('npx sightline')).toBeLessThan(out.indexOf('Usage:'));
    expect(out).toContain('--json');
    const again = await cli(['help', ...words]);
    expect(again.out).toBe(out);
  });

  test('explains the exit codes', async () => {
    expect((await cli(['help', 'exit-codes'])).out).toMatch(/130 {2}left by Ctrl-C/);
  });

  test('tells its version', async () => {
    expect((await cli(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('wrong usage ends with 2 and one clear message on stderr', () => {
  test.each([
    [['rns', 'list'], "Unknown command 'rns'", 'Did you mean runs?'],
    [['runs', 'strat'], "Unknown command 'strat'", 'Did you mean start?'],
    [['runs', 'list', '--limt', '3'], "Unknown option '--limt'", 'Did you mean --limit?'],
    [['runs', 'list', '--limit', 'many'], '--limit', 'a whole number from 1 to 1000'],
    [['runs', 'show'], "Missing required argument 'run'", ''],
    [['runs', 'start', 'a', 'b'], 'Too many arguments', ''],
    [['runs', 'start', 'photos', '--shard-size', '501'], '--shard-size', 'from 1 to 500 (assets)'],
    [['runs', 'start', 'photos', '--id', 'Not Valid'], 'The run id "Not Valid" is not valid', '3 to 63'],
    [['runs', 'start', 'photos', '--timeout', '5'], '--timeout needs --wait', ''],
    [['runs', 'start', 'photos', '--setting', 'x'], 'key=value', ''],
    [['results', 'list', 'a-run', '--only', 'faild'], '--only', 'Did you mean failed?'],
    [['results', 'list', 'a-run', '--json', '--jsonl'], 'Choose --json or --jsonl', ''],
    [['worker', '--role', 'runn'], '--role', 'Did you mean run?'],
    [['worker', '--lane', 'fast', ...NOWHERE], 'There is no lane fast', 'local, noop'],
    [['help', 'nothing'], "Unknown command 'nothing'", ''],
  ])('%j', async (argv, message, hint) => {
    const { code, out, err } = await cli(argv, { workingDir: dir });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).toContain(hint);
    expect(err).not.toMatch(/^\s+at /m);
  });
});

test.each([
  [['rns'], 'npx sightline --help'],
  [['runs', 'strat'], 'npx sightline runs --help'],
  [['--data-dir', 'demo', 'runs', 'start'], 'npx sightline runs start --help'],
  [['runs', 'start', 'photos', '--shard-size', '0'], 'npx sightline runs start --help'],
])('%j points to the help of its command', async (argv, help) => {
  expect((await cli(argv, { workingDir: dir })).err).toContain(`See: ${help}\n`);
});

describe('a request that cannot work is refused before anything starts', () => {
  test.each([
    [['nowhere'], 'does not exist; check the path'],
    [['text.jpg'], 'none of these: a folder of images, or a file ending in .csv'],
    [['https://example.com/x'], 'is an address'],
    [['.', '--prompt', 'photo-qualty'], 'did you mean "photo-quality"'],
    [['.', '--analyzer', 'ofline'], 'There is no analyzer "ofline"; there are: offline, gemini, vertexai, noop'],
    [['.', '--analyzer', 'noop', '--setting', 'delayMs=soon'], 'delayMs'],
    [['.', '--analyzer', 'noop', '--setting', 'delay=5'], 'delay'],
    [['.', '--name', ''], 'Field name'],
  ])('runs start %j', async (argv, message) => {
    const { code, out, err } = await cli(['runs', 'start', ...argv, ...NOWHERE], { workingDir: dir });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).toContain('Nothing was started');
  });
});

describe('without a Temporal server', () => {
  test.each([
    [['runs', 'list']],
    [['runs', 'watch', 'a-run']],
    [['runs', 'cancel', 'a-run']],
    [['runs', 'start', '.', '--wait']],
    [['runs', 'start', '.']],
    [['worker']],
  ])('%j says so, says how to start one, and ends with 7', async (argv) => {
    const { code, out, err } = await cli([...argv, ...NOWHERE, '--data-dir', join(dir, 'data')], { workingDir: dir });
    expect([code, out]).toEqual([7, '']);
    expect(err).toContain('No Temporal server answers at 127.0.0.1:1.');
    expect(err).toContain('npx sightline dev');
  });

  test.each([[['runs', 'show', 'a-run']], [['results', 'list', 'a-run']], [['results', 'get', 'a-run', 'an-asset']]])(
    '%j names the folder in which the run is not, and ends with 2',
    async (argv) => {
      const { code, out, err } = await cli([...argv, ...NOWHERE, '--data-dir', join(dir, 'data')], { workingDir: dir });
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(
        `There is no run a-run in the data folder ${join(dir, 'data')}, and no Temporal server answers`,
      );
      expect(err).toContain('--data-dir');
    },
  );

  test('--json says the same as one object', async () => {
    const { code, err } = await cli(['runs', 'list', '--json', ...NOWHERE]);
    expect(code).toBe(7);
    expect(JSON.parse(err)).toMatchObject({ type: 'NoTemporalServer', exit_code: 7 });
  });

  test('--debug adds the stack', async () => {
    expect((await cli(['runs', 'list', '--debug', ...NOWHERE])).err).toMatch(/^\s+at /m);
  });
});

describe('settings that are wrong', () => {
  test('end with 2 and name the setting', async () => {
    const { code, err } = await cli(['try', 'good.jpg'], {
      workingDir: dir,
      env: { SIGHTLINE_IMAGE_MAX_BYTES: 'big' },
    });
    expect(code).toBe(2);
    expect(err).toContain('SIGHTLINE_IMAGE_MAX_BYTES is "big"');
  });
});

describe('try', () => {
  test('answers without any server, data on stdout and talk on stderr', async () => {
    const { code, out, err } = await cli(['try', 'good.jpg'], { workingDir: dir });
    expect(code).toBe(0);
    expect(out).toMatch(/^sharpness {3}\d/);
    expect(err).toContain('measured offline');
    expect(err.trimEnd().split('\n').at(-1)).toMatch(/^Next: npx sightline /);
  });

  test('--json keeps the names of the fields', async () => {
    const { out } = await cli(['try', 'good.jpg', '--prompt', 'resolution', '--json'], { workingDir: dir });
    expect(JSON.parse(out)).toMatchObject({
      asset_id: 'good.jpg',
      images: [join(dir, 'good.jpg')],
      prompt: 'resolution',
      analyzer: 'offline',
      outcome: 'succeeded',
      findings: { width: 320, height: 200, orientation: 'landscape' },
      cost_usd: 0,
    });
  });

  test('an address is fetched, and one of this machine only when it is allowed', async () => {
    await using server = await startWebServer({
      '/photos/pole-1.jpg': (_, response) => void readFile(join(dir, 'good.jpg')).then((bytes) => response.end(bytes)),
    });
    const address = `${server.origin}/photos/pole-1.jpg?key=secret`;
    const refused = await cli(['try', address], { workingDir: dir });
    expect(refused.code).toBe(3);
    expect(refused.err).toContain('AddressRefused: ');
    expect(refused.err).toContain('127.0.0.1 is a loopback address');
    expect(refused.err).not.toContain('secret');
    const env = { SIGHTLINE_ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' };
    const { code, out } = await cli(['try', address, '--json'], { workingDir: dir, env });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ asset_id: 'pole-1.jpg', images: [address], outcome: 'succeeded' });
  });

  test('several files are one asset', async () => {
    const { out } = await cli(['try', 'good.jpg', 'good.jpg', '--json'], { workingDir: dir });
    expect(JSON.parse(out).images).toHaveLength(2);
  });

  test.each([
    ['missing.jpg', 'There is no file missing.jpg.'],
    ['.', 'Name an image: npx sightline try '],
    ['.', 'or look at all of it: npx sightline runs start . --wait'],
  ])('%s ends with 2', async (file, message) => {
    const { code, out, err } = await cli(['try', 'good.jpg', file], { workingDir: dir });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  test('a folder without images is left to a run', async () => {
    await mkdir(join(dir, 'no images'));
    const { code, err } = await cli(['try', 'no images'], { workingDir: dir });
    expect(code).toBe(2);
    expect(err).toContain("\nLook at all of it: npx sightline runs start 'no images' --wait\n");
  });

  test('says of answers that noop has made up that they are', async () => {
    const { code, err } = await cli(['try', 'good.jpg', '--analyzer', 'noop'], { workingDir: dir });
    expect(code).toBe(0);
    expect(err).toContain('(answered by noop: its answers are made up, for tests)');
  });

  test.each([['text.jpg', 'ImageUnreadable']])('%s ends with 3, a sentence and a hint', async (file, name) => {
    const { code, out, err } = await cli(['try', file], { workingDir: dir });
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(name);
    expect(err.trim().split('\n')).toHaveLength(3);
    const { out: json } = await cli(['try', file, '--json'], { workingDir: dir });
    expect(JSON.parse(json)).toMatchObject({ outcome: 'skipped', failure: { name } });
  });

  test.each([
    [['--prompt', 'nope'], 'There is no prompt "nope"'],
    [['--analyzer', 'nope'], 'There is no analyzer "nope"'],
  ])('%j ends with 2', async (argv, message) => {
    const { code, err } = await cli(['try', 'good.jpg', ...argv], { workingDir: dir });
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
