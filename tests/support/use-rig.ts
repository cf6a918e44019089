import { afterAll, afterEach, beforeAll } from 'vitest';
import { startRig, type Rig, type RigOptions, type WorkerChoice } from './rig.ts';

/**
 * Gives the tests of a file a rig with one worker, or with none where they start their own. After each test every workflow
 * that ended is replayed, and one that was left running fails the test.
 */
export function useRig(take: (rig: Rig) => void, options: RigOptions = {}, worker: WorkerChoice | 'none' = {}): void {
  let rig: Rig | undefined;
  beforeAll(async () => {
    rig = await startRig(options);
    take(rig);
    if (worker !== 'none') await rig.startWorker(worker);
  });
  afterEach(async () => {
    await rig?.replayAll();
  });
  afterAll(() => rig?.close());
}
