import { setTimeout as delay } from 'node:timers/promises';
import { StoreUnavailableError, type StoreRefusedError } from '../ports.ts';

const [PROBES, PROBE_AGAIN_MS] = [8, 500];

/**
 * Does what only doing it tells to be possible, eight times at most while the store is unavailable: a moment's fault is no reason
 * to refuse a run. `refusalOf`: what an error means that no other try will mend, thrown in its place; undefined for all others.
 */
export async function probePatiently(
  probe: () => Promise<void>,
  refusalOf: (error: unknown) => Promise<StoreRefusedError | undefined>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await probe();
    } catch (error) {
      const refusal = await refusalOf(error);
      if (refusal) throw refusal;
      if (!(error instanceof StoreUnavailableError) || attempt === PROBES) throw error;
      await delay(PROBE_AGAIN_MS);
    }
  }
}
