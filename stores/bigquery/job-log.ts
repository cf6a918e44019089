import { setTimeout as delay } from 'node:timers/promises';
import type { StoreDataset } from './dataset.ts';
import { calling, isDuplicate, isNotFound } from './google-errors.ts';
import { LOOK_AGAIN_MS, LOOKS } from './look-again.ts';
import { StoreUnavailableError } from '../ports.ts';

/**
 * Numbered entries that are written once and never change, whoever else writes at the same time. BigQuery takes a job id only
 * once, at once, and tells for half a year what the job was asked: an entry is a job that does nothing and costs nothing.
 */
export interface JobLog<Entry> {
  /** All entries, in order; entry i has number i + 1. */
  read(): Promise<readonly Entry[]>;
  /** False when somebody else has taken the number: then the log has to be read again. */
  append(number: number, entry: Entry): Promise<boolean>;
}

const MARK = 'SELECT 1 -- ';

/** `name`: letters, digits, `_` and `-`; logs of two datasets never meet. */
export function openJobLog<Entry>(store: StoreDataset, name: string): JobLog<Entry> {
  const idOf = (number: number): string => `sightline_${store.name}_${name}_${String(number).padStart(4, '0')}`;

  async function entryAt(number: number): Promise<Entry | undefined> {
    const location = await store.location();
    return calling('read a log kept as jobs', async () => {
      try {
        const [metadata] = await store.connection.rest.job(idOf(number), { location }).getMetadata();
        const { configuration } = metadata as Job;
        return JSON.parse(String(configuration?.query?.query).slice(MARK.length)) as Entry;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    });
  }

  async function insert(number: number, text: string): Promise<boolean> {
    const location = await store.location();
    const configuration = { query: { query: MARK + text, useLegacySql: false } };
    return calling('write a log kept as jobs', async () => {
      try {
        await store.connection.rest.createJob({ jobId: idOf(number), location, configuration });
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    });
  }

  return {
    async read() {
      const entries: Entry[] = [];
      for (;;) {
        const entry = await entryAt(entries.length + 1);
        if (entry === undefined) return entries;
        entries.push(entry);
      }
    },

    async append(number, entry) {
      const text = JSON.stringify(entry);
      if (await insert(number, text)) return true;
      // Perhaps by us, when the answer to an earlier call was lost.
      for (let look = 0; look < LOOKS; look++) {
        const taken = await entryAt(number);
        if (taken !== undefined) return JSON.stringify(taken) === text;
        await delay(LOOK_AGAIN_MS);
      }
      throw new StoreUnavailableError(`The job ${idOf(number)} is there but cannot be read yet. Try again.`);
    },
  };
}

interface Job {
  readonly configuration?: { readonly query?: { readonly query?: string } };
}
