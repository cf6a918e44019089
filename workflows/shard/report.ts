import { CancellationScope, getExternalWorkflowHandle, log, setCurrentDetails } from '@temporalio/workflow';
import { shardReportSignal, type SentShardReport, type ShardReport } from '../../contracts/messages.ts';
import type { Book } from './book.ts';
import { tallyOf } from './book-sums.ts';
import { shardDetails } from './details.ts';
import type { ShardEvent } from './events.ts';

const REPORT_EVERY_MS = 10_000;

export function reportOf(book: Book, shard: number): ShardReport {
  const report: ShardReport = {
    shard,
    seq: book.seq,
    tally: tallyOf(book),
    inFlight: book.inFlight.size,
    gate: gateOf(book),
  };
  if (book.hold !== 'running-off') return report;
  return { ...report, note: 'This Temporal server cannot hold scheduled calls: they run off during a pause.' };
}

function gateOf(book: Book): ShardReport['gate'] {
  if (book.gate === 'open') return 'open';
  const open = book.unstaged.length + book.segment.outcomes.length;
  return book.hold === 'held' && open === 0 && !book.staging && !book.committing ? 'held' : 'closing';
}

export interface Reporter {
  /** Tells the run how far the shard is: when rows were staged, when the gate moved, and now and then; the end is its result. */
  after(before: Book, book: Book, event: ShardEvent): void;
  /** Tells the run that the lane can do nothing more, and why. */
  stopRun(book: Book, reason: NonNullable<SentShardReport['stop']>, why: string): Promise<void>;
}

export function createReporter(runId: string, shard: number): Reporter {
  let reportedAtMs = Date.now();
  let sentAtMs = 0;
  return {
    after(before, book, event) {
      const moved = gateOf(before) !== gateOf(book) || before.seq !== book.seq;
      const due = event.kind === 'settled' && Date.now() - reportedAtMs >= REPORT_EVERY_MS;
      const staged = event.kind === 'staged' && !book.committing;
      if (!moved && !due && !staged) return;
      reportedAtMs = Date.now();
      const report = reportOf(book, shard);
      setCurrentDetails(shardDetails(report));
      void tell(report);
    },
    stopRun(book, stop, stopWhy) {
      return tell({ ...reportOf(book, shard), stop, stopWhy });
    },
  };

  async function tell(report: Omit<SentShardReport, 'sentAtMs'>): Promise<void> {
    sentAtMs = Math.max(sentAtMs + 1, Date.now());
    const sent: SentShardReport = { ...report, sentAtMs };
    try {
      await CancellationScope.nonCancellable(() => getExternalWorkflowHandle(runId).signal(shardReportSignal, sent));
    } catch (error) {
      // The run may be closed already (terminated): the shard still finishes its work.
      log.info('the run did not take the report', { error: String(error) });
    }
  }
}
