import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { devServerArguments } from '../../../cli/temporal-server/dev-server-arguments.ts';
import { DevServerError, startDevServer } from '../../../cli/temporal-server/start-dev-server.ts';
import { temporaryFolder, writeProgram } from './stand-ins.ts';

test('a server that dies at its start is reported with the end of its log', async () => {
  await using folder = await temporaryFolder();
  const binary = await writeProgram(join(folder.path, 'temporal'), "echo 'Error: database is locked' >&2; exit 3");
  const failure = await startDevServer({ binary }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(DevServerError);
  expect(failure).toMatchObject({ reason: 'not-started' });
  expect(String(failure)).toContain('ended by itself');
  expect(String(failure)).toContain('Error: database is locked');
});

test('a server that never answers is ended', async () => {
  await using folder = await temporaryFolder();
  const binary = await writeProgram(join(folder.path, 'temporal'), 'echo "pid $$" >&2; exec sleep 600');
  const failure = await startDevServer({ binary, startTimeoutMs: 500 }).catch((error: unknown) => error);
  expect(String(failure)).toContain('no answer on 127.0.0.1:');
  const pid = Number(/pid (\d+)/.exec(String(failure))?.[1]);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a program that is not there is named', async () => {
  await expect(startDevServer({ binary: '/nowhere/temporal' })).rejects.toThrow(/\/nowhere\/temporal cannot be run/);
});

test.each(['port', 'ui'] as const)('a taken %s is named before anything is started', async (which) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  try {
    const failure = await startDevServer({ binary: '/nowhere/temporal', [which]: port }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ reason: 'port-taken' });
    expect(String(failure)).toContain(`Port ${port} on 127.0.0.1 is taken`);
  } finally {
    other.close();
  }
});

/** Longer than the end of a log that messages show. */
const STACK = '\n\tgithub.com/spf13/cobra@v1.10.2/command.go:1071 +0x46f'.repeat(200);

/** A server that counts its starts, says something and falls over. */
async function startAndFall(says: string): Promise<{ readonly starts: number; readonly failure: unknown }> {
  await using folder = await temporaryFolder();
  const [starts, text] = [join(folder.path, 'starts'), join(folder.path, 'text')];
  await writeFile(text, says);
  const binary = await writeProgram(join(folder.path, 'temporal'), `echo x >> ${starts}; cat ${text} >&2; exit 2`);
  const failure = await startDevServer({ binary }).catch((error: unknown) => error);
  return { starts: (await readFile(starts, 'utf8')).split('\n').length - 1, failure };
}

test.each([
  ['at the end of its log', 'listen tcp 127.0.0.1:40027: bind: address already in use'],
  ['before a long stack', `error="listen tcp 127.0.0.1:40027: bind: address already in use"\npanic:${STACK}`],
  ['when it finds none for itself', `panic: failed assigning ephemeral port: failed to assign a free port:${STACK}`],
])('free ports are tried again when somebody else was faster, which the server says %s', async (_, says) => {
  expect(await startAndFall(says)).toMatchObject({ starts: 4, failure: { reason: 'port-lost' } });
});

test('a server that falls over for another reason is started once, whatever stack it leaves', async () => {
  const says = `panic: runtime error: invalid memory address or nil pointer dereference\ngoroutine 1 [running]:${STACK}`;
  expect(await startAndFall(says)).toMatchObject({ starts: 1, failure: { reason: 'not-started' } });
});

test('the arguments carry the search attributes, the settings of lanes, and a file that survives a kill', () => {
  const args = devServerArguments(
    { dbFile: 'state.db', dynamicConfig: { 'matching.rps': 5, 'some.name': 'x' } },
    7000,
    8000,
  );
  expect(args).toEqual(
    expect.arrayContaining([
      '--ip=127.0.0.1',
      '--port=7000',
      '--ui-port=8000',
      '--search-attribute=SightlineRun=Keyword',
      '--search-attribute=SightlineDone=Int',
      '--search-attribute=SightlineSpentUsd=Double',
      '--sqlite-pragma=journal_mode=WAL',
      '--sqlite-pragma=synchronous=OFF',
      '--dynamic-config-value=matching.enableFairness=true',
      '--dynamic-config-value=matching.numTaskqueueReadPartitions=1',
      '--dynamic-config-value=matching.rps=5',
      '--dynamic-config-value=some.name="x"',
    ]),
  );
  expect(args.filter((arg) => arg.includes('matching.rps'))).toHaveLength(1);
  expect(devServerArguments({}, 7000, undefined)).toContain('--headless');
});
