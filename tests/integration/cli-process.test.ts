import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../processes/free-port.ts';
import { cli } from '../support/recorded-io.ts';
import { until } from '../support/rig.ts';
import { spawnCli, type SpawnedCli } from '../support/spawned-cli.ts';

const run = promisify(execFile);

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sightline-processes-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** No server of the person who runs the tests. */
const OWN = { TEMPORAL_ADDRESS: '' };

async function answers(address: string): Promise<boolean> {
  const [host = '', port] = address.split(':');
  const socket = connect({ host, port: Number(port) });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describe('demo', () => {
  const address = (demo: SpawnedCli): string => /127\.0\.0\.1:\d+/.exec(demo.err())?.[0] ?? '';

  test('answers everything as it has to be, names commands that work, and leaves no process behind', async () => {
    const demo = spawnCli(['demo'], { cwd: dir, env: OWN });
    expect(await demo.ended).toBe(0);
    expect(demo.out()).toContain('19 = 16 succeeded + 3 skipped');
    expect(demo.err()).toContain('Every answer is what it has to be');
    expect(demo.out() + demo.err()).not.toContain('\u001b');
    expect(await answers(address(demo))).toBe(false);
    const named = [...demo.err().matchAll(/npx sightline ((?:try|results) [^\n]+)/g)].map(([, words = '']) => words);
    expect(named).toHaveLength(2);
    for (const words of named) {
      const typed = spawnCli(words.split(' '), { cwd: dir, env: OWN });
      expect([words, await typed.ended]).toEqual([words, 0]);
    }
  });

  test('a second one is quick and says the same as JSON', async () => {
    const startedAtMs = Date.now();
    const demo = spawnCli(['demo', '--json'], { cwd: dir, env: OWN });
    expect(await demo.ended).toBe(0);
    expect(Date.now() - startedAtMs).toBeLessThan(30_000);
    expect(JSON.parse(demo.out())).toMatchObject({ state: 'completed', is_equal: true, differences: [] });
  });

  test('Ctrl-C ends everything that it has started', async () => {
    const demo = spawnCli(['demo'], { cwd: dir, env: OWN });
    await demo.says('Started a Temporal server');
    demo.kill('SIGINT');
    expect(await demo.ended).toBe(130);
    expect(demo.err()).toContain('Nothing of the demo is left running');
    expect(await answers(address(demo))).toBe(false);
  });

  test('even a kill leaves no server behind', async () => {
    const demo = spawnCli(['demo'], { cwd: dir, env: OWN });
    await demo.says('Started a Temporal server');
    demo.kill('SIGKILL');
    expect(await demo.ended).toBe('SIGKILL');
    await until(
      () => answers(address(demo)),
      (still) => !still,
      'the server to end',
    );
  });
});

describe('dev', () => {
  let port: number;
  let uiPort: number;
  let places: readonly string[];
  const start = (): SpawnedCli =>
    spawnCli(['dev', '--data-dir', 'dev', '--temporal-port', String(port), '--ui-port', String(uiPort)], {
      cwd: dir,
      env: OWN,
    });

  beforeAll(async () => {
    port = await freePort();
    uiPort = await freePort();
    places = ['--address', `127.0.0.1:${port}`, '--data-dir', join(dir, 'dev')];
  });

  test('serves runs with a Web UI, stops cleanly, and goes on with its runs at the next start', async () => {
    const csv = join(dir, 'list.csv');
    await writeFile(csv, `id,image\n${Array.from({ length: 200 }, (_, index) => `a${index},${index}.jpg\n`).join('')}`);
    const first = start();
    await first.says('Next:');
    expect(first.out()).toContain(`http://127.0.0.1:${uiPort}`);
    expect((await fetch(`http://127.0.0.1:${uiPort}`)).status).toBe(200);
    const slow = [
      '--analyzer',
      'noop',
      '--setting',
      'delayMs=400',
      '--assets-in-flight',
      '5',
      '--shards-in-flight',
      '1',
    ];
    const started = await cli(['runs', 'start', csv, '--id', 'survivor', ...slow, ...places]);
    expect(started.code).toBe(0);
    await until(
      async () => JSON.parse((await cli(['runs', 'show', 'survivor', '--json', ...places])).out),
      ({ counts }) => counts.succeeded > 0,
      'first answers',
    );
    first.kill('SIGINT');
    expect(await first.ended).toBe(0);
    expect(first.err()).toContain('Stopped.');
    expect((await cli(['runs', 'show', 'survivor', ...places])).err).toContain('No Temporal server answers');

    const second = start();
    await second.says('Next:');
    const watched = await cli(['runs', 'watch', 'survivor', ...places]);
    expect(watched).toMatchObject({ code: 0, out: expect.stringContaining('200 = 200 succeeded') });

    const rival = spawnCli(['dev', '--data-dir', 'dev', '--temporal-port', String(port)], { cwd: dir, env: OWN });
    expect(await rival.ended).toBe(2);
    expect(rival.err()).toContain('is running with the data folder');
    const elsewhere = spawnCli(['dev', '--data-dir', 'other', '--temporal-port', String(port)], { cwd: dir, env: OWN });
    expect(await elsewhere.ended).toBe(2);
    expect(elsewhere.err()).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expect(elsewhere.err()).toContain('--temporal-port');

    second.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  }, 180_000);
});

describe('beside a server', () => {
  let server: SpawnedCli;
  let places: readonly string[];
  let csv: string;

  beforeAll(async () => {
    const port = await freePort();
    server = spawnCli(
      ['dev', '--data-dir', 'beside', '--temporal-port', String(port), '--ui-port', String(await freePort())],
      {
        cwd: dir,
        env: OWN,
      },
    );
    await server.says('Next:');
    places = ['--address', `127.0.0.1:${port}`, '--data-dir', join(dir, 'beside')];
    csv = join(dir, 'beside.csv');
    await writeFile(csv, `id,image\n${Array.from({ length: 30 }, (_, index) => `a${index},${index}.jpg\n`).join('')}`);
  });
  afterAll(async () => {
    server.kill('SIGTERM');
    await server.ended;
  });

  test('SIGINT on a waiting process leaves the run alive', async () => {
    const slow = ['--analyzer', 'noop', '--setting', 'delayMs=15000'];
    const waiting = spawnCli(['runs', 'start', csv, '--wait', '--id', 'left', ...slow, ...places], { cwd: dir });
    await waiting.says('left  running');
    waiting.kill('SIGINT');
    expect(await waiting.ended).toBe(130);
    expect(waiting.err()).toContain('left goes on');
    expect(waiting.out()).toBe('');
    expect(JSON.parse((await cli(['runs', 'show', 'left', '--json', ...places])).out)).toMatchObject({
      state: 'running',
    });
    expect((await cli(['runs', 'cancel', 'left', ...places])).code).toBe(0);
  });

  test('a worker drains at SIGTERM and ends with 0', async () => {
    const port = await freePort();
    const worker = spawnCli(['worker', '--health-port', String(port), ...places], { cwd: dir });
    await worker.says(`http://127.0.0.1:${port}/livez`);
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
    worker.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(worker.out()).toBe('');
  });

  test('output into a closed pipe is no error', async () => {
    const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
    const line = `"${process.execPath}" "${main}" runs list ${places.join(' ')} | true`;
    await expect(run('/bin/sh', ['-c', line], { cwd: dir })).resolves.toBeDefined();
  });

  test('the example runs as it stands', async () => {
    const photos = join(dir, 'photos');
    await cp(join(dir, '.sightline', 'demo', 'pictures'), photos, { recursive: true });
    const example = fileURLToPath(new URL('../../examples/start-a-run.ts', import.meta.url));
    const [, address = '', , dataDir = ''] = places;
    const { stdout } = await run(process.execPath, [example, 'photos'], {
      cwd: dir,
      env: { ...process.env, TEMPORAL_ADDRESS: address, SIGHTLINE_DATA_DIR: dataDir },
    });
    expect(stdout).toMatch(/^completed \{/);
    expect(stdout).toContain('succeeded: 16');
    expect(stdout).toMatch(/^bench succeeded true \[\]$/m);
    expect(stdout).toMatch(/^bench-blurred succeeded false/m);
  });
});
