import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { oneAtATime } from '../../processes/one-at-a-time.mjs';

const MODULE = fileURLToPath(new URL('../../processes/one-at-a-time.mjs', import.meta.url));
let names = 0;

function freshName(): string {
  return `test ${process.pid} ${names++}`;
}

test('many of one name work one after the other', async () => {
  const name = freshName();
  let working = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++working);
    await new Promise(setImmediate);
    working--;
  };
  await Promise.all(Array.from({ length: 8 }, () => oneAtATime(name, work)));
  expect(most).toBe(1);
});

test('other names do not wait', async () => {
  const inner = await oneAtATime(freshName(), () => oneAtATime(freshName(), () => Promise.resolve('both')));
  expect(inner).toBe('both');
});

test('work that fails lets go and passes its error on', async () => {
  const name = freshName();
  await expect(oneAtATime(name, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await oneAtATime(name, () => Promise.resolve(1))).toBe(1);
});

test('a holder that is killed lets go, and who waits was told', async () => {
  const name = freshName();
  const script = `import { oneAtATime } from ${JSON.stringify(MODULE)};
    await oneAtATime(${JSON.stringify(name)}, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)); });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  let told = 0;
  const work = oneAtATime(
    name,
    () => Promise.resolve('ours now'),
    () => {
      told++;
      holder.kill('SIGKILL');
    },
  );
  expect(await work).toBe('ours now');
  expect(told).toBe(1);
});

test('a stranger on the port of the lock is stepped over', async () => {
  const name = freshName();
  const port = 20_000 + (createHash('sha256').update(name).digest().readUInt32BE(0) % 8_000);
  const stranger = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 mail.example ESMTP\r\n');
  }).listen(port, '127.0.0.1');
  await once(stranger, 'listening');
  try {
    // Whoever is first ends when the other one waits for it: on another port each would wait for ever.
    const otherWaits = Promise.withResolvers<string>();
    const one = () =>
      oneAtATime(
        name,
        () => otherWaits.promise,
        () => otherWaits.resolve('waited'),
      );
    expect(await Promise.all([one(), one()])).toEqual(['waited', 'waited']);
  } finally {
    stranger.close();
  }
});
