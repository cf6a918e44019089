import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/** Finished calls stay listed this long: their answer may still be on its way to the server when the worker is killed. */
const LINGER_MS = 3_000;
/** The file is written anew when it has this many lines more than there are calls. */
const SLACK_LINES = 5_000;

export interface CallLedger {
  /** Notes that this worker holds a call. */
  add(taskToken: Uint8Array): void;
  /** Notes that it has ended; unknown tokens are fine. */
  remove(taskToken: Uint8Array): void;
  /** Forgets everything: nothing is held any more. */
  close(): void;
}

/**
 * A list of the calls that a worker holds, on disk, so that a successor can hand them back when the worker is killed. Scratch,
 * not state: losing it costs time only. The list is guarded by a lock that the kernel drops with the process; `folder` must be
 * on a local disk.
 */
export function openCallLedger(folder: string): CallLedger {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${randomUUID()}.calls`);
  const lock = takeLock(`${path}.lock`);
  const held = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  let lines = 0;
  let file = openSync(path, 'a');

  return {
    add(taskToken) {
      const token = encode(taskToken);
      held.add(token);
      write(`+${token}\n`);
    },
    remove(taskToken) {
      const token = encode(taskToken);
      const timer = setTimeout(() => {
        timers.delete(timer);
        held.delete(token);
        write(`-${token}\n`);
      }, LINGER_MS);
      timers.add(timer);
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      closeSync(file);
      rmSync(path, { force: true });
      lock.close();
      rmSync(`${path}.lock`, { force: true });
    },
  };

  /** Not synced to disk: it has to survive the process, not the machine. */
  function write(line: string): void {
    if (lines > held.size * 2 + SLACK_LINES) compact();
    writeSync(file, line);
    lines += 1;
  }

  function compact(): void {
    const temporary = `${path}.tmp`;
    writeFileSync(temporary, [...held].map((token) => `+${token}\n`).join(''));
    closeSync(file);
    renameSync(temporary, path);
    file = openSync(path, 'a');
    lines = held.size;
  }
}

/** The calls in a list that a dead worker has left behind. */
export function readCalls(path: string): Uint8Array[] {
  const held = new Set<string>();
  for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
    if (line.startsWith('+')) held.add(line.slice(1));
    else held.delete(line.slice(1));
  }
  return [...held].map((token) => Buffer.from(token, 'base64'));
}

/** Null while the owner of the lock lives. A pid would not do: in containers every worker is process 1. */
export function tryLock(path: string): DatabaseSync | null {
  try {
    return takeLock(path);
  } catch {
    return null;
  }
}

function takeLock(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function encode(token: Uint8Array): string {
  return Buffer.from(token).toString('base64');
}
