import { openParquetStores } from '../../stores/index.ts';
import type { Stores } from '../../stores/index.ts';

/** What a store that was killed throws from then on. */
export class KilledError extends Error {
  override name = 'KilledError';
}

/** Stores that stop for good at a checkpoint, as if the process had been killed there: not even cleaning up happens afterwards. */
export function openKilledStores(
  folder: string,
  atCheckpoint: number,
): { readonly stores: Stores; readonly passed: string[] } {
  const passed: string[] = [];
  const stores = openParquetStores(folder, {
    checkpoint: (name) => {
      if (passed.length >= atCheckpoint) throw new KilledError(name);
      passed.push(name);
    },
  });
  return { stores, passed };
}
