import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { beforeAll, expect, test } from 'vitest';
import { locateTemporalBinary } from '../../cli/temporal-server/locate-temporal.mjs';
import { startDevServer } from '../../cli/temporal-server/start-dev-server.ts';
import { SEARCH_ATTRIBUTES } from '../../contracts/messages.ts';
import { temporaryFolder } from '../cli/temporal-server/stand-ins.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NAMES = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name);
let binary = '';

beforeAll(async () => {
  const located = await locateTemporalBinary();
  if (located.kind !== 'binary') throw new Error('no temporal program: run node scripts/setup.mjs');
  binary = located.binary.path;
});

async function attributesOf(address: string, namespace: string): Promise<readonly string[]> {
  const connection = await Connection.connect({ address });
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return Object.keys(customAttributes ?? {}).filter((name) => NAMES.some((known) => known === name));
  } finally {
    await connection.close();
  }
}

test('it serves all namespaces and its Web UI at once, and stops', async () => {
  await using server = await startDevServer({ binary, ui: 'free', namespaces: ['other'] });
  expect((await fetch(server.uiUrl ?? '')).status).toBe(200);
  for (const namespace of ['default', 'other']) {
    expect((await attributesOf(server.address, namespace)).toSorted()).toEqual(NAMES.toSorted());
  }
  await server.stop();
  await server.stop();
  expect(() => process.kill(server.pid, 0)).toThrow('ESRCH');
});

test('a killed server comes back with its file', async () => {
  await using folder = await temporaryFolder();
  const dbFile = join(folder.path, 'state', 'temporal.db');
  const first = await startDevServer({ binary, dbFile, namespaces: ['kept'] });
  await first.kill();
  await using second = await startDevServer({ binary, dbFile, port: Number(first.address.split(':')[1]) });
  expect(second.address).toBe(first.address);
  expect(await attributesOf(second.address, 'kept')).toHaveLength(NAMES.length);
});

test('it does not outlive a process that is killed', async () => {
  const module = fileURLToPath(new URL('../../cli/temporal-server/start-dev-server.ts', import.meta.url));
  const script = `import { startDevServer } from ${JSON.stringify(module)};
    const server = await startDevServer({ binary: ${JSON.stringify(binary)} });
    console.log(server.pid);
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = Number(String(await once(owner.stdout, 'data')));
  expect(process.kill(pid, 0)).toBe(true);
  owner.kill('SIGKILL');
  while (isAlive(pid)) await delay(50);
});

test('the namespace job of the compose file makes and completes a namespace, and can be repeated', async () => {
  await using folder = await temporaryFolder();
  await using server = await startDevServer({ binary });
  const job = join(ROOT, 'deploy/temporal/prepare-namespace.sh');
  const env = {
    PATH: `${join(binary, '..')}:${process.env['PATH']}`,
    HOME: folder.path,
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: 'team',
  };
  for (const time of ['first', 'second']) {
    const { stdout } = await promisify(execFile)('/bin/sh', [job], { env });
    expect(stdout, time).toContain('Namespace team is ready.');
  }
  expect((await attributesOf(server.address, 'team')).toSorted()).toEqual(NAMES.toSorted());
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
