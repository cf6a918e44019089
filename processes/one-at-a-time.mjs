import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const FIRST_PORT = 20_000;
const PORTS = 8_000;
const CANDIDATES = 8;
const GREETING_TIMEOUT_MS = 10_000;

/**
 * Does `work` while no other process on this machine does work of the same name; `onWait` is called once when another one has
 * to end first. The lock is a listening socket on a loopback port made from the name: whatever becomes of its holder, the
 * kernel drops it, so that it can never be stale.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait]
 * @returns {Promise<T>}
 */
export async function oneAtATime(name, work, onWait) {
  const release = await acquire(name, onWait);
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * @param {string} name
 * @param {(() => void) | undefined} onWait
 */
async function acquire(name, onWait) {
  const digest = createHash('sha256').update(name).digest();
  const greeting = `${digest.toString('hex')}\n`;
  const port = FIRST_PORT + (digest.readUInt32BE(0) % PORTS);
  let waited = false;
  for (let candidate = 0; candidate < CANDIDATES;) {
    const release = await tryListen(port + candidate, greeting);
    if (release !== undefined) return release;
    const holder = await visit(port + candidate, greeting, () => {
      if (!waited) onWait?.();
      waited = true;
    });
    // A program that has nothing to do with us may listen there; every process then moves on to the same next port.
    if (holder === 'stranger') candidate++;
  }
  throw new Error(
    `Ports ${port} to ${port + CANDIDATES - 1} on 127.0.0.1 are all taken by other programs; one is needed as a lock.`,
  );
}

/**
 * @param {number} port
 * @param {string} greeting
 * @returns {Promise<(() => void) | undefined>} a function that lets go; undefined when the port is taken
 */
async function tryListen(port, greeting) {
  /** @type {Set<import('node:net').Socket>} */
  const waiting = new Set();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => waiting.delete(socket));
    socket.write(greeting);
  });
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return undefined;
  }
  return () => {
    server.close();
    for (const socket of waiting) socket.destroy();
  };
}

/**
 * Waits for the end of whoever listens there, if it greets as we do.
 * @param {number} port
 * @param {string} greeting
 * @param {() => void} onHeld
 * @returns {Promise<'gone' | 'stranger'>}
 */
function visit(port, greeting, onHeld) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const timer = setTimeout(() => end('stranger'), GREETING_TIMEOUT_MS);
    let heard = '';
    const end = (/** @type {'gone' | 'stranger'} */ result) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      if (!greeting.startsWith(heard)) end('stranger');
      else if (heard === greeting) {
        clearTimeout(timer);
        onHeld();
      }
    });
    // Refused, reset or ended: whoever was there let go.
    socket.on('error', () => end('gone'));
    socket.on('close', () => end('gone'));
  });
}
