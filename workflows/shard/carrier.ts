import { ApplicationFailure, CancellationScope, log, sleep, workflowInfo } from '@temporalio/workflow';
import type { ShardInput } from '../../contracts/shard.ts';
import { sightColumns } from '../../contracts/source.ts';
import { storeActivities } from '../activity-proxies.ts';
import type { Batch, Book, OpenSegment } from './book.ts';
import { createCaller, type Caller } from './caller.ts';
import { createCallHolder } from './call-holder.ts';
import type { ShardCommand, ShardEvent } from './events.ts';
import type { Reporter } from './report.ts';

/** Longest a staged row stays invisible: streams of a store expire. */
const COMMIT_AFTER = '1 hour';

interface CarrierInput {
  readonly input: ShardInput;
  readonly feed: (event: ShardEvent) => void;
  readonly book: () => Book;
  readonly reporter: Reporter;
}

export interface Carrier extends Pick<Caller, 'take'> {
  /** Does what a command says and feeds what comes of it; rejects only when the shard cannot go on. Undefined: others see to it. */
  carryOut(command: ShardCommand): Promise<void> | undefined;
}

export function createCarrier({ input, feed, book, reporter }: CarrierInput): Carrier {
  const { plan, shard } = input;
  const { runId, place, manifest, spec } = plan;
  const stagePlan = { runId, place, manifest, spec, sightColumns: sightColumns(plan.request.source) };
  const caller = createCaller(input, feed);
  const holder = createCallHolder(feed, book);

  return {
    take: (page) => caller.take(page),
    carryOut(command) {
      if (command.kind === 'dispatch') return caller.call(command.row, command.priorAttempts);
      // What a settled call leads to is carried out from within that call: calling off the calls must not call off this.
      return CancellationScope.nonCancellable(() => doAside(command));
    },
  };

  async function doAside(command: Exclude<ShardCommand, { kind: 'dispatch' }>): Promise<void> {
    switch (command.kind) {
      case 'read':
        return caller.read(command.ranges, command.maxRows);
      case 'delay':
        await sleep(command.waitMs);
        return feed({ kind: 'due', row: command.row });
      case 'stage':
        return stage(command.batch);
      case 'commit':
        return commit(command.segment);
      case 'arm-commit':
        await sleep(COMMIT_AFTER);
        return feed({ kind: 'commit-due', segment: command.segment });
      case 'arm-starvation':
        await sleep(command.afterMs);
        return feed({ kind: 'starved', alarm: command.alarm });
      case 'hold':
        return holder.hold(command.hold);
      case 'release':
        return holder.release();
      case 'abort':
        holder.forget();
        return caller.abort();
      case 'fail':
        throw ApplicationFailure.nonRetryable(command.failure.message, command.failure.name);
      case 'stop-run':
        return reporter.stopRun(book(), command.reason, command.why);
    }
  }

  async function stage({ segment: number, offset, outcomes }: Batch): Promise<void> {
    const segment = segmentOf(number);
    const after = book().segment.receipts.at(-1);
    const batch = { plan: stagePlan, segment, offset, outcomes, ...(after && { after }) };
    const receipt = await storeActivities.stageRows(batch);
    if ('lost' in receipt) return lose(number);
    for (const { row } of outcomes) caller.forget(row);
    feed({ kind: 'staged', receipt });
  }

  async function commit({ number, receipts }: OpenSegment): Promise<void> {
    const segment = segmentOf(number);
    const committed = await storeActivities.commitRows({ plan: stagePlan, segment, receipts });
    if ('lost' in committed) return lose(number);
    feed({ kind: 'committed', visible: committed.visible });
  }

  function lose(segment: number): void {
    log.warn('the store has lost staged rows: they are staged again', { segment });
    feed({ kind: 'lost', segment });
  }

  function segmentOf(number: number) {
    return { runId: plan.runId, shard, executionId: workflowInfo().runId, number };
  }
}
