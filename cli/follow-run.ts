import type { RunClient } from '../client/create-run-client.ts';
import { hasEnded, type RunView } from '../client/run-view.ts';
import { doneCount } from '../contracts/run.ts';
import type { CliContext } from './cli-context.ts';
import { cleanText } from './output/clean-text.ts';
import { createStatusPainter } from './output/status-painter.ts';
import { progressLine } from './output/progress-line.ts';

export interface FollowOptions {
  readonly timeoutMs?: number;
}

export interface Followed {
  readonly view: RunView | null;
  /** `left`: a person pressed Ctrl-C. */
  readonly why: 'ended' | 'stopped' | 'timed-out' | 'left';
}

/** Shows how a run goes until it ends, stops for its budget, the time is over, or a person leaves. */
export async function followRun(
  context: CliContext,
  client: RunClient,
  runId: string,
  options: FollowOptions = {},
): Promise<Followed> {
  const { io } = context;
  const leaving = new AbortController();
  const stopListening = io.onInterrupt(() => {
    if (leaving.signal.aborted) io.exitNow(130);
    leaving.abort(new LeftError());
  });
  const said = new Set<string>();
  const painter = createStatusPainter({
    write: (text) => (context.globals.quiet === true ? undefined : io.stderr.write(text)),
    isTerminal: io.stderr.isTerminal && !context.forScreenReader,
    columns: () => io.stderr.columns(),
  });
  let view: RunView | null = null;
  try {
    view = await client.wait(runId, {
      ...options,
      signal: leaving.signal,
      until: isStoppedByBudget,
      onProgress(now) {
        view = now;
        for (const note of hasEnded(now.state) ? [] : now.notes.filter((each) => !said.has(subject(each)))) {
          said.add(subject(note));
          painter.note(cleanText(note));
        }
        painter.status(progressLine(now), `${now.state} ${now.stale}${context.forScreenReader ? tenthDone(now) : ''}`);
      },
      onConnection: (state) =>
        painter.note(
          state === 'lost'
            ? 'The Temporal server does not answer; waiting for it to come back. Nothing is lost.'
            : 'The Temporal server is back.',
        ),
    });
    return { view, why: hasEnded(view.state) ? 'ended' : isStoppedByBudget(view) ? 'stopped' : 'timed-out' };
  } catch (error) {
    if (error instanceof LeftError) return { view, why: 'left' };
    throw error;
  } finally {
    painter.end();
    stopListening();
  }
}

/** Who hears progress hears every tenth of it. */
function tenthDone(view: RunView): string {
  return view.counts.total === 0 ? '' : ` ${Math.floor((doneCount(view.counts) / view.counts.total) * 10)}`;
}

class LeftError extends Error {}

function isStoppedByBudget({ state, reasons }: RunView): boolean {
  return state === 'paused' && reasons.includes('budget');
}

/** Notes that differ in numbers alone are said once. */
function subject(note: string): string {
  return note.replace(/\d+/g, '#');
}
