import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/** Finished calls stay listed this long: their answer may still be on its way to the server when the worker is killed. */
const LINGER_MS = 3_000;
const SWEEP_EVERY_MS = 500;
/** The file is written anew when it has this many lines more than there are calls. */
const SLACK_LINES = 5_000;
const MARKS = { call: 'c', step: 's' } as const;

/** `call`: an analysis, whose shard decides what follows; `step`: any other activity, which Temporal simply starts again. */
export type HeldKind = 'call' | 'step';

export interface HeldActivity {
  readonly kind: HeldKind;
  readonly taskToken: Uint8Array;
}

export interface CallLedger {
  /** Notes that this worker holds an activity. */
  add(taskToken: Uint8Array, kind: HeldKind): void;
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
export function openCallLedger(folder: string, onTrouble: (error: unknown) => void = () => undefined): CallLedger {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${randomUUID()}.calls`);
  const lock = takeLock(`${path}.lock`);
  const held = new Map<string, HeldKind>();
  const ended: { readonly token: string; readonly atMs: number }[] = [];
  let sweeping: NodeJS.Timeout | undefined;
  let lines = 0;
  let troubled = false;
  let file = openSync(path, 'a');

  return {
    add(taskToken, kind) {
      const token = encode(taskToken);
      held.set(token, kind);
      write(line(token, kind), 1);
    },
    remove(taskToken) {
      ended.push({ token: encode(taskToken), atMs: Date.now() });
      sweeping ??= setTimeout(sweep, LINGER_MS);
    },
    close() {
      clearTimeout(sweeping);
      closeSync(file);
      rmSync(path, { force: true });
      lock.close();
      rmSync(`${path}.lock`, { force: true });
    },
  };

  /** Strikes off what ended long enough ago, with one write for all: a worker ends hundreds of calls a second. */
  function sweep(): void {
    const latestMs = Date.now() - LINGER_MS;
    const kept = ended.findIndex(({ atMs }) => atMs > latestMs);
    const struckOff = ended.splice(0, kept === -1 ? ended.length : kept);
    for (const { token } of struckOff) held.delete(token);
    if (struckOff.length > 0) write(struckOff.map(({ token }) => `-${token}\n`).join(''), struckOff.length);
    sweeping = ended.length > 0 ? setTimeout(sweep, SWEEP_EVERY_MS) : undefined;
  }

  /** Not synced to disk: it has to survive the process, not the machine. */
  function write(text: string, count: number): void {
    try {
      if (lines > held.size * 2 + SLACK_LINES) compact();
      writeSync(file, text);
      lines += count;
    } catch (error) {
      // Without the list a kill costs more time, nothing else: a full disk must not stop the worker.
      if (!troubled) onTrouble(error);
      troubled = true;
    }
  }

  function compact(): void {
    const temporary = `${path}.tmp`;
    writeFileSync(temporary, [...held].map(([token, kind]) => line(token, kind)).join(''));
    closeSync(file);
    renameSync(temporary, path);
    file = openSync(path, 'a');
    lines = held.size;
  }
}

/** What stands in a list that a dead worker has left behind; a last line that was cut off is passed over. */
export function readHeld(path: string): HeldActivity[] {
  const held = new Map<string, HeldKind>();
  for (const text of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
    if (text.startsWith('-')) held.delete(text.slice(1));
    else held.set(text.slice(1), text.startsWith(MARKS.call) ? 'call' : 'step');
  }
  return [...held].map(([token, kind]) => ({ kind, taskToken: Buffer.from(token, 'base64') }));
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

function line(token: string, kind: HeldKind): string {
  return `${MARKS[kind]}${token}\n`;
}

function encode(token: Uint8Array): string {
  return Buffer.from(token).toString('base64');
}
