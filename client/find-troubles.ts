import type { WorkflowExecutionDescription } from '@temporalio/client';
import { failureRule, isFailureName } from '../contracts/failures.ts';

/** What keeps failing and is tried again in the background, one sentence for each cause. */
export function findTroubles(descriptions: readonly WorkflowExecutionDescription[]): readonly string[] {
  const causes = new Map<string, { name: string; message: string; calls: number; attempt: number }>();
  for (const { raw } of descriptions) {
    for (const { lastFailure: last, attempt } of raw.pendingActivities ?? []) {
      if (!last) continue;
      // A failure of more than a few kB stands cut short behind one of the server's own, which says only that it is large.
      const lastFailure = last.serverFailureInfo && last.cause ? last.cause : last;
      const name = lastFailure.applicationFailureInfo?.type || 'an unexpected error';
      const message = lastFailure.message ?? '';
      const known = causes.get(name) ?? { name, message, calls: 0, attempt: 0 };
      causes.set(name, { ...known, calls: known.calls + 1, attempt: Math.max(known.attempt, attempt ?? 0) });
    }
  }
  return [...causes.values()].map(({ name, message, calls, attempt }) => {
    const what = calls === 1 ? 'A step fails and is tried again' : `${calls} steps fail and are tried again`;
    const sentence = isFailureName(name) ? `${failureRule(name).sentence} ` : '';
    return `${what} (attempt ${attempt}): ${name}. ${sentence}${message}`.trimEnd();
  });
}
