import { startRig } from '../../tests/support/rig.ts';
import type { BadGroup } from './bad-case.ts';
import { runGroups } from './run-cases.ts';

export interface OpenRunBench extends AsyncDisposable {
  readonly groups: readonly BadGroup[];
  /** Flags for every command line. */
  readonly places: readonly string[];
}

/** A server with a worker and one without, for the cases that need them. */
export async function openRunBench(): Promise<OpenRunBench> {
  const [rig, alone] = await Promise.all([startRig(), startRig()]);
  const fullDisk = { isFull: false };
  const checkpoint = (): void => {
    if (fullDisk.isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  await rig.startWorker({ stores: { checkpoint } });
  const placesOf = ({ server, settings }: typeof rig) => ['--address', server.address, '--data-dir', settings.dataDir];
  return {
    groups: runGroups({ rig, fullDisk, withoutWorker: placesOf(alone) }),
    places: placesOf(rig),
    async [Symbol.asyncDispose]() {
      await Promise.all([rig.close(), alone.close()]);
    },
  };
}
