import { appendFileSync, closeSync, openSync } from 'node:fs';
import { CELLS_COLUMN, REJECT_COLUMNS, type OnReject, type Original, type Reject } from '../sources/ports.ts';
import { toStoreError } from './store-errors.ts';

/** What was written into a file of rejects. */
export interface RejectsTold {
  readonly rejected: number;
  readonly duplicates: number;
  /** What the name of the file should end in; null when nothing was rejected and there is no file. */
  readonly ending: '.csv' | '.jsonl' | null;
}

export interface RejectsFile {
  readonly path: string;
  readonly add: OnReject;
  /** Writes what is left and says what there was; repeating it changes nothing. */
  close(): RejectsTold;
}

/** Endings of the two forms of the file. */
export const REJECTS_ENDINGS = ['.csv', '.jsonl'] as const;

const WRITE_CHARACTERS = 64 * 1024;
const OURS: ReadonlySet<string> = new Set(REJECT_COLUMNS);

/**
 * A file of rejected entries as they stood in the source, each with its line and the reason: CSV for what has columns, else
 * one JSON object per line. Mended, it can be the source of another run. Created at the first entry; memory stays flat.
 */
export function openRejects(path: string): RejectsFile {
  let file: number | undefined;
  let ending: RejectsTold['ending'] = null;
  let [rejected, duplicates, pending] = [0, 0, ''];

  function flush(): void {
    try {
      file ??= openSync(path, 'wx');
      appendFileSync(file, pending);
      pending = '';
    } catch (error) {
      throw toStoreError('write', path, error);
    }
  }

  return {
    path,
    add(reject) {
      rejected += 1;
      if (reject.kind === 'duplicate') duplicates += 1;
      if (ending === null) {
        ending = 'text' in reject.original ? '.jsonl' : '.csv';
        pending = headerOf(reject.original);
      }
      pending += lineOf(reject);
      if (pending.length >= WRITE_CHARACTERS) flush();
    },
    close() {
      if (pending !== '') flush();
      if (file !== undefined) closeSync(file);
      file = undefined;
      return { rejected, duplicates, ending };
    },
  };
}

function headerOf(original: Original): string {
  return 'text' in original ? '' : csvLine([...REJECT_COLUMNS, ...withoutOurs(original.columns, original.columns)]);
}

function lineOf({ line, reason, original }: Reject): string {
  const [lineName, reasonName] = REJECT_COLUMNS;
  if ('text' in original) {
    return `${JSON.stringify({ ...objectOf(original.text), [lineName]: line, [reasonName]: reason })}\n`;
  }
  const { columns, cells } = original;
  const own = withoutOurs(columns, cells);
  const isRagged = cells.length !== columns.length;
  const width = withoutOurs(columns, columns).length;
  const before = cells[columns.indexOf(CELLS_COLUMN)] ?? '';
  const square = Array.from({ length: width }, (_, index) => own[index] ?? '');
  return csvLine([String(line ?? ''), reason, isRagged ? JSON.stringify(own) : before, ...square]);
}

/** A file that was brought back has our columns already. */
function withoutOurs(columns: readonly string[], cells: readonly string[]): readonly string[] {
  return cells.filter((_, index) => !OURS.has(columns[index] ?? ''));
}

function objectOf(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Not JSON at all: that is why it was rejected.
  }
  return { text };
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}
