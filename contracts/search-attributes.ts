import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from './messages.ts';
import type { Progress } from './run.ts';

const { run, state, done, failed, spentUsd } = SEARCH_ATTRIBUTES;

export const RUN_KEY = defineSearchAttributeKey(run.name, run.type);
const STATE_KEY = defineSearchAttributeKey(state.name, state.type);
const DONE_KEY = defineSearchAttributeKey(done.name, done.type);
const FAILED_KEY = defineSearchAttributeKey(failed.name, failed.type);
const SPENT_KEY = defineSearchAttributeKey(spentUsd.name, spentUsd.type);

/** What a run shows in lists and can be found by. */
export function runSearchAttributes(progress: Progress): SearchAttributePair[] {
  const { counts } = progress;
  return [
    { key: RUN_KEY, value: progress.runId },
    { key: STATE_KEY, value: progress.state },
    { key: DONE_KEY, value: counts.total - counts.pending - counts.in_flight },
    { key: FAILED_KEY, value: counts.failed },
    { key: SPENT_KEY, value: progress.cost.spentUsd },
  ];
}
