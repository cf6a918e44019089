import { CancellationScope, condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { setStateSignal, shardReportQuery } from '../contracts/messages.ts';
import { subtractRanges } from '../contracts/ranges.ts';
import type { ShardInput, ShardResult } from '../contracts/shard.ts';
import { storeActivities } from './activity-proxies.ts';
import { isShardState } from './run/read-messages.ts';
import { READ_ROWS } from './shard/advance.ts';
import { openBook } from './shard/book.ts';
import { createCarrier } from './shard/carrier.ts';
import { cancelledRows, isFinished, leftoversOf } from './shard/book-sums.ts';
import { decide } from './shard/decide.ts';
import { shardDetails } from './shard/details.ts';
import type { ShardEvent } from './shard/events.ts';
import { createReporter, reportOf } from './shard/report.ts';

/** Analyses one window of the manifest: carries out what `decide` says and feeds it what happens. */
export async function analyzeShard(input: ShardInput): Promise<ShardResult> {
  const root = CancellationScope.current();
  // Staging and committing must outlive a cancellation; only the calls themselves are called off.
  return CancellationScope.nonCancellable(() => runShard(input, root));
}

async function runShard(input: ShardInput, root: CancellationScope): Promise<ShardResult> {
  const { plan, shard, ranges, state } = input;
  let book = openBook({ limits: plan.limits, ranges, state });
  let fatal: { readonly error: unknown } | null = null;
  const reporter = createReporter(plan.runId, shard);
  const carrier = createCarrier({ input, feed, book: () => book, reporter });

  setHandler(setStateSignal, takeState, { description: 'The whole state of the run; the highest seq wins' });
  setHandler(shardReportQuery, () => reportOf(book, shard), { description: 'How far this shard is' });
  root.cancelRequested.catch(() => feed({ kind: 'cancel' }));

  const first = { manifest: plan.manifest, ranges, maxRows: READ_ROWS };
  const found = await storeActivities.reconcileShard({ place: plan.place, runId: plan.runId, shard, first });
  const unread = subtractRanges(ranges, found.rows);
  // Histories from before have no page.
  feed({ kind: 'opened', ranges: unread, visible: found.tally, ...(found.page && { page: carrier.take(found.page) }) });
  await condition(() => fatal !== null || isFinished(book));
  if (fatal !== null) throw (fatal as { readonly error: unknown }).error;
  setCurrentDetails(shardDetails(reportOf(book, shard)));
  return {
    shard,
    tally: book.visible,
    cancelled: cancelledRows(book),
    leftovers: leftoversOf(book),
    unread: book.unread,
    segments: book.segment.number,
  };

  function takeState(next: unknown): void {
    if (isShardState(next)) feed({ kind: 'state', state: next });
  }

  function feed(event: ShardEvent): void {
    const before = book;
    const [next, commands] = decide(book, event);
    book = next;
    for (const command of commands) {
      carrier.carryOut(command)?.catch((error: unknown) => {
        fatal ??= { error };
      });
    }
    reporter.after(before, book, event);
  }
}
