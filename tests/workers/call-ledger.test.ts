import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openCallLedger, readHeld, tryLock } from '../../workers/call-ledger.ts';

const token = (text: string) => new TextEncoder().encode(text);
const tokensIn = (path: string) =>
  readHeld(path).map(({ kind, taskToken }) => `${kind} ${new TextDecoder().decode(taskToken)}`);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-ledger-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

const listPath = () =>
  join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.calls'))!,
  );

describe('the list of held activities', () => {
  it('holds calls and steps until a while after they ended', () => {
    vi.useFakeTimers();
    const ledger = openCallLedger(folder);
    ledger.add(token('a'), 'call');
    ledger.add(token('b'), 'step');
    ledger.remove(token('a'));
    expect(tokensIn(listPath())).toEqual(['call a', 'step b']);
    vi.advanceTimersByTime(10_000);
    expect(tokensIn(listPath())).toEqual(['step b']);
    ledger.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stays short however many calls there are', () => {
    vi.useFakeTimers();
    const ledger = openCallLedger(folder);
    for (let index = 0; index < 20_000; index += 1) {
      ledger.add(token(String(index)), 'call');
      ledger.remove(token(String(index)));
      if (index % 1_000 === 0) vi.advanceTimersByTime(10_000);
    }
    vi.advanceTimersByTime(10_000);
    ledger.add(token('last'), 'call');
    expect(tokensIn(listPath())).toEqual(['call last']);
    ledger.close();
  });

  it('passes over a last line that a kill has cut off', () => {
    const ledger = openCallLedger(folder);
    ledger.add(token('whole'), 'call');
    appendFileSync(listPath(), 'cAAAA');
    expect(tokensIn(listPath())).toEqual(['call whole']);
    ledger.close();
  });

  it('is locked while its worker lives, and free afterwards', () => {
    const ledger = openCallLedger(folder);
    const lock = `${listPath()}.lock`;
    expect(tryLock(lock)).toBeNull();
    ledger.close();
    const taken = tryLock(lock);
    expect(taken).not.toBeNull();
    taken?.close();
  });

  it('that cannot be written says so once and stops nobody', () => {
    vi.useFakeTimers();
    const troubles: unknown[] = [];
    const ledger = openCallLedger(folder, (error) => troubles.push(error));
    // Compacting needs the folder: enough calls make it try.
    rmSync(folder, { recursive: true });
    for (let index = 0; index < 20_000; index += 1) {
      ledger.add(token(String(index)), 'call');
      ledger.remove(token(String(index)));
      if (index % 1_000 === 0) vi.advanceTimersByTime(10_000);
    }
    expect(troubles).toHaveLength(1);
    ledger.close();
  });
});
