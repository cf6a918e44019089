import { afterAll, afterEach, beforeAll } from 'vitest';
import { startRig, type Rig, type RigOptions } from './rig.ts';

/**
 * Gives the tests of a file a rig with one worker. After each test every workflow that ended is replayed, and one that was
 * left running fails the test.
 */
export function useRig(take: (rig: Rig) => void, options: RigOptions = {}): void {
  let rig: Rig | undefined;
  beforeAll(async () => {
    rig = await startRig(options);
    take(rig);
    await rig.startWorker();
  });
  afterEach(async () => {
    await rig?.replayAll();
  });
  afterAll(() => rig?.close());
}
