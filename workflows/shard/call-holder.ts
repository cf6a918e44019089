import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import { controlActivities } from '../activity-proxies.ts';
import type { Book } from './book.ts';
import type { ShardEvent } from './events.ts';

export interface CallHolder {
  /** Holds the shard's scheduled calls at the server; feeds `held` when none is under way. */
  hold(hold: number): Promise<void>;
  release(): Promise<void>;
  /** The shard is being cancelled: nobody waits for the hold any more. */
  forget(): void;
}

/**
 * The shard holds its own calls, not the run: only after its gate is closed can no further call be scheduled behind the
 * server's back. Holds and releases follow each other, however quickly a person changes their mind.
 */
export function createCallHolder(feed: (event: ShardEvent) => void, book: () => Book): CallHolder {
  const { workflowId } = workflowInfo();
  let waiting: CancellationScope | null = null;
  let last: Promise<void> = Promise.resolve();

  return {
    hold(hold) {
      last = last.then(() => ask(hold));
      return last;
    },
    release() {
      waiting?.cancel();
      last = last.then(() => controlActivities.releaseCalls({ workflowId }));
      return last;
    },
    forget() {
      waiting?.cancel();
    },
  };

  async function ask(hold: number): Promise<void> {
    if (book().hold !== 'asked' || book().holds !== hold || book().cancelled) return;
    // Never called off: a release must not overtake it at the server.
    const { supported } = await controlActivities.holdCalls({ workflowId });
    const scope = new CancellationScope();
    waiting = scope;
    try {
      if (supported && book().hold === 'asked' && book().holds === hold && !book().cancelled) {
        await scope.run(() => controlActivities.awaitHeldCalls({ workflowId }));
      }
      feed({ kind: 'held', hold, supported });
    } catch (error) {
      if (!scope.consideredCancelled) throw error;
    } finally {
      waiting = null;
    }
  }
}
