import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NoTemporalServer, NotSignedIn } from '../../../client/client-errors.ts';
import type { QueueFacts } from '../../../client/inspect-server.ts';
import { checkDataFolder, checkPrompts, judgeRoom } from '../../../cli/doctor/check-folders.ts';
import { checkProgram } from '../../../cli/doctor/check-program.ts';
import { checkTemporalProgram, checkTemporalServer } from '../../../cli/doctor/check-temporal.ts';
import { exitCodeOfChecks } from '../../../cli/doctor/report-checks.ts';

let dir: string;
const command = (words: string): string => `npx sightline ${words}`;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sightline-doctor-'));
  await writeFile(join(dir, 'file'), '');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('the program', () => {
  test('works here', async () => {
    expect((await checkProgram()).map(({ name, state }) => [name, state])).toEqual([
      ['sightline', 'ok'],
      ['node', 'ok'],
      ['sharp', 'ok'],
      ['duckdb', 'ok'],
    ]);
  });

  test('does not on an old Node', async () => {
    const node = (await checkProgram('20.19.0')).find(({ name }) => name === 'node');
    expect(node).toMatchObject({ state: 'problem', message: 'Node 20.19.0 is too old; 24 is needed.' });
  });
});

describe('the data folder', () => {
  test.each(['', 'not/there/yet'])('%j can be written, and is left as it was', async (name) => {
    const before = await readdir(dir);
    const checks = await checkDataFolder(join(dir, name));
    expect(checks.map(({ state }) => state)).toEqual(['ok', 'ok']);
    expect(await readdir(dir)).toEqual(before);
  });

  test.each([['file/below'], ['file']])('%s cannot be made', async (name) => {
    const [check] = await checkDataFolder(join(dir, name));
    expect(check).toMatchObject({ state: 'problem', fix: expect.stringContaining('--data-dir') });
  });

  test('that cannot be written says so', async () => {
    expect((await checkDataFolder('/proc/sightline'))[0]).toMatchObject({ state: 'problem' });
  });

  test.each([
    [50_000_000_000, 'ok'],
    [1_000_000_000, 'warning'],
    [50_000_000, 'problem'],
  ])('with %d bytes free is %s', (freeBytes, state) => {
    expect(judgeRoom(freeBytes).state).toBe(state);
  });
});

describe('prompts', () => {
  test('need no folder', async () => {
    expect(await checkPrompts(join(dir, 'none'), command)).toMatchObject([{ state: 'ok' }]);
  });

  test('that are broken are named, with the command that tells more', async () => {
    const folder = await mkdtemp(join(dir, 'prompts-'));
    const path = join(folder, 'poles.yaml');
    await writeFile(path, 'title: Poles\nfields: []\n');
    const [check] = await checkPrompts(folder, command);
    expect(check).toMatchObject({ state: 'problem', fix: `npx sightline prompts validate ${path}` });
    expect(check?.message).toContain('poles.yaml');
  });
});

describe('Temporal', () => {
  const queue = (name: string, more: Partial<QueueFacts> = {}): QueueFacts => ({
    name,
    isPolled: true,
    partitions: 1,
    ...more,
  });
  const server = async (queues: readonly QueueFacts[]) =>
    (await checkTemporalServer('here:1', async () => ({ version: '1.31', namespace: 'default', queues }), command)).map(
      ({ name, state, fix }) => [name, state, ...(fix === undefined ? [] : [fix])],
    );

  test('with a worker for everything is fine', async () => {
    expect(await server([queue('sightline'), queue('sightline-lane-local')])).toEqual([
      ['temporal server', 'ok'],
      ['worker for runs', 'ok'],
      ['worker for lane local', 'ok'],
      ['lanes', 'ok'],
    ]);
  });

  test('without a worker misses one', async () => {
    expect(await server([queue('sightline', { isPolled: false })])).toContainEqual([
      'worker for runs',
      'missing',
      'npx sightline worker',
    ]);
  });

  test('with queues in parts is warned of', async () => {
    const [, , lanes] = await server([queue('sightline', { partitions: 4 })]);
    expect(lanes?.slice(0, 2)).toEqual(['lanes', 'warning']);
  });

  test.each([
    [new NoTemporalServer('No Temporal server answers.'), 'missing', 'npx sightline dev'],
    [new NotSignedIn('The server does not let us in.'), 'problem', 'npx sightline config list --show-origin'],
    [new Error('handshake failed\n  at stack'), 'problem', 'npx sightline config list --show-origin'],
  ])('%s', async (error, state, fix) => {
    const checks = await checkTemporalServer('here:1', () => Promise.reject(error), command);
    expect(checks).toEqual([{ name: 'temporal server', state, message: error.message.split('\n')[0], fix }]);
  });

  test('needs no program where there is none', async () => {
    const nowhere = { PATH: '', HOME: dir, XDG_CACHE_HOME: dir };
    expect(await checkTemporalProgram(nowhere)).toMatchObject({ state: 'warning', fix: 'npm run setup' });
  });
});

test.each([
  [['ok', 'warning'], 0],
  [['ok', 'missing'], 7],
  [['missing', 'problem'], 2],
] as const)('%j ends with %d', (states, code) => {
  expect(exitCodeOfChecks(states.map((state) => ({ name: 'x', state, message: '' })))).toBe(code);
});
