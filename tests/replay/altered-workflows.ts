import { sleep } from '@temporalio/workflow';
import { analyzeRun as current } from '../../workflows/index.ts';

/** What a careless change would do: one more command before everything else. */
export async function analyzeRun(...input: Parameters<typeof current>): ReturnType<typeof current> {
  await sleep(1);
  return current(...input);
}
