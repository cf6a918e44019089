import {
  condition,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import {
  cancelSignal,
  pauseSignal,
  PROGRESS_MEMO,
  progressQuery,
  resumeSignal,
  shardReportSignal,
  snapshotQuery,
} from '../../contracts/messages.ts';
import { runSearchAttributes } from '../../contracts/search-attributes.ts';
import type { PauseReason, Progress, RunPlan } from '../../contracts/run.ts';
import { controlActivities } from '../activity-proxies.ts';
import { runDetails } from './details.ts';
import type { NamedFailure } from './named-failure.ts';
import { progressOf } from './progress.ts';
import { isShardReport, readNote, readReason, readStopWhy } from './read-messages.ts';
import { addReason, clearReasons, openRun, takeReport, type Carried, type RunBook } from './run-book.ts';

/** Holds the book of a run: takes messages in, lets the run wait for changes, and shows the state to the outside. */
export interface RunDesk {
  book(): RunBook;
  progress(): Progress;
  update(change: (book: RunBook) => RunBook): void;
  opened(plan: RunPlan): void;
  fail(failure: NamedFailure): void;
  cancel(): void;
  onCancel(listener: () => void): void;
  /** Called after each change of pause reasons. */
  onReasons(listener: () => void): void;
  /** Resolves at the next change of the book, or after `mostMs`. */
  changed(mostMs: number | null): Promise<void>;
}

export function createRunDesk(carried: Carried | undefined): RunDesk {
  const { workflowId, startTime } = workflowInfo();
  const startedAt = carried?.plan.startedAt ?? startTime.toISOString();
  const cancelListeners: (() => void)[] = [];
  const reasonListeners: (() => void)[] = [];
  let book = openRun(carried);
  let failure: NamedFailure | undefined;
  let version = 0;
  let shown = '';

  const desk: RunDesk = {
    book: () => book,
    progress: () =>
      progressOf(book, { runId: workflowId, startedAt, nowMs: Date.now(), ...(failure ? { failure } : {}) }),
    update(change) {
      const next = change(book);
      if (next === book) return;
      const reasonsChanged = next.seq !== book.seq;
      book = next;
      version += 1;
      show();
      if (reasonsChanged) for (const listener of reasonListeners) listener();
    },
    opened(plan) {
      const notes = plan.searchAttributes
        ? []
        : ['Search attributes are not registered in this namespace, so the run cannot be found by them.'];
      desk.update((old) => ({
        ...old,
        phase: 'running',
        plan,
        notes: [...old.notes, ...(plan.notes ?? []), ...notes],
      }));
    },
    fail(named) {
      failure = named;
      desk.update((old) => ({ ...old, phase: 'failed' }));
    },
    cancel() {
      if (book.cancelling || book.phase === 'verifying') return;
      desk.update((old) => ({ ...old, cancelling: true }));
      for (const listener of cancelListeners) listener();
    },
    onCancel(listener) {
      cancelListeners.push(listener);
      if (book.cancelling) listener();
    },
    onReasons(listener) {
      reasonListeners.push(listener);
    },
    async changed(mostMs) {
      const seen = version;
      if (mostMs === null) await condition(() => version !== seen);
      else await condition(() => version !== seen, mostMs);
    },
  };
  listen(desk, workflowId);
  return desk;

  /** Shows the book where it outlives the workers: only when the state or the finished shards changed, each is an event. */
  function show(): void {
    const progress = desk.progress();
    setCurrentDetails(runDetails(progress));
    const key = `${progress.state} ${progress.shards.done} ${progress.counts.total}`;
    if (key === shown) return;
    shown = key;
    upsertMemo({ [PROGRESS_MEMO]: progress });
    if (book.plan?.searchAttributes) upsertSearchAttributes(runSearchAttributes(progress));
  }
}

function listen(desk: RunDesk, workflowId: string): void {
  setHandler(
    pauseSignal,
    (request: unknown) =>
      desk.update((book) => noted(addReason(book, readReason(request) ?? 'operator'), 'Paused', request)),
    {
      description: 'Start nothing new, finish what is under way, make it visible, wait',
    },
  );
  setHandler(resumeSignal, (request) => desk.update((book) => clearReasons(book, readReason(request))), {
    description: 'Go on',
  });
  setHandler(cancelSignal, cancel, { description: "Makes Temporal's own cancellation request" });
  setHandler(shardReportSignal, (report: unknown) =>
    desk.update((book) => {
      if (!isShardReport(report)) return book;
      const next = takeReport(book, report, Date.now());
      return report.stop ? stopped(next, report.stop, report) : next;
    }),
  );
  setHandler(progressQuery, () => desk.progress(), { description: 'Counts, rate, time left, cost' });
  setHandler(
    snapshotQuery,
    () => ({
      progress: desk.progress(),
      open: [...desk.book().open.values()].map(({ shard, report }) => ({ shard, report })),
      samples: desk.book().samples,
    }),
    { description: 'Progress, and the shard reports that it was made of' },
  );

  async function cancel(request: unknown): Promise<void> {
    desk.update((book) => noted(book, 'Cancelled', request));
    await controlActivities.requestCancel({ workflowId });
  }
}

/** Each shard says the same when a lane can do nothing more: the first is kept. */
function stopped(book: RunBook, reason: PauseReason, report: unknown): RunBook {
  const next = addReason(book, reason);
  return next === book ? book : withNote(next, 'Paused', readStopWhy(report));
}

/** Keeps what a person wrote beside a signal. */
function noted(book: RunBook, what: string, request: unknown): RunBook {
  return withNote(book, what, readNote(request));
}

/** The newest few. */
function withNote(book: RunBook, what: string, note: string): RunBook {
  return note === '' ? book : { ...book, notes: [...book.notes, `${what}: ${note}`].slice(-MOST_NOTES) };
}

const MOST_NOTES = 10;
