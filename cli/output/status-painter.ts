import { cut } from './table.ts';

export interface StatusPainter {
  /** Shows where things stand: repainted on a terminal, otherwise a line now and then. */
  status(line: string, key: string): void;
  /** A line that stays. */
  note(line: string): void;
  /** Leaves the terminal clean. */
  end(): void;
}

export interface PainterOptions {
  readonly write: (text: string) => void;
  /** Whether the cursor can be moved. */
  readonly isTerminal: boolean;
  readonly columns: () => number;
  readonly nowMs?: () => number;
}

const PLAIN_EVERY_MS = 10_000;
const CLEAR_LINE = '\r\u001b[2K';

/** Without a terminal a status is written when its `key` changes, and else every 10 s. */
export function createStatusPainter({ write, isTerminal, columns, nowMs = Date.now }: PainterOptions): StatusPainter {
  let painted = false;
  let lastKey: string | undefined;
  let lastAtMs = -Infinity;
  const clear = (): void => {
    if (painted) write(CLEAR_LINE);
    painted = false;
  };
  return {
    status(line, key) {
      if (isTerminal) {
        // One column stays free: a full line would wrap on some terminals.
        write(CLEAR_LINE + cut(line, columns() - 1));
        painted = true;
        return;
      }
      if (key === lastKey && nowMs() - lastAtMs < PLAIN_EVERY_MS) return;
      lastKey = key;
      lastAtMs = nowMs();
      write(`${line}\n`);
    },
    note(line) {
      clear();
      write(`${line}\n`);
    },
    end: clear,
  };
}
