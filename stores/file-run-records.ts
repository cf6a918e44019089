import { join } from 'node:path';
import { isRunId } from '../contracts/ids.ts';
import type { RunRecord } from '../contracts/run.ts';
import { namesIn, readIfThere } from './durable-files.ts';
import type { DurableFiles } from './durable-files.ts';
import { StoreMismatchError } from './ports.ts';
import type { RunRecords } from './ports.ts';

interface Claim {
  readonly runId: string;
  readonly executionId: string;
  readonly requestDigest: string;
}

/** Run records as one file each; a claim is a file of its own that is created once and never changes, and so is a later name. */
export function createFileRunRecords(
  files: DurableFiles,
  folder: string,
  onWarning: (message: string) => void,
): RunRecords {
  const recordPath = (runId: string): string => join(folder, `${runId}.json`);
  // Workers replace the record of a run: what people say about it lies beside it.
  const namePath = (runId: string): string => join(folder, `${runId}.name.json`);
  const named = async (record: RunRecord): Promise<RunRecord> => {
    const bytes = await readIfThere(namePath(record.runId));
    const name = bytes === undefined ? undefined : parse(namePath(record.runId), bytes);
    return typeof name === 'string' ? { ...record, name } : record;
  };

  return {
    async claim(runId, executionId, requestDigest) {
      checkRunId(runId);
      const path = join(folder, `${runId}.claim.json`);
      const mine: Claim = { runId, executionId, requestDigest };
      if (await files.createOnce('claim', path, JSON.stringify(mine))) return true;
      const theirs = parse(path, await readIfThere(path)) as Claim;
      return theirs.executionId === executionId && theirs.requestDigest === requestDigest;
    },

    async write(record) {
      checkRunId(record.runId);
      await files.replace('run record', recordPath(record.runId), JSON.stringify(record));
    },

    async rename(runId, name) {
      checkRunId(runId);
      await files.replace('run name', namePath(runId), JSON.stringify(name));
    },

    async read(runId) {
      if (!isRunId(runId)) return undefined;
      const bytes = await readIfThere(recordPath(runId));
      return bytes === undefined ? undefined : named(parseRecord(recordPath(runId), bytes));
    },

    async list() {
      const records: RunRecord[] = [];
      for (const name of await namesIn(folder)) {
        if (!name.endsWith('.json') || !isRunId(name.slice(0, -'.json'.length))) continue;
        const path = join(folder, name);
        const bytes = await readIfThere(path);
        if (bytes === undefined) continue;
        try {
          records.push(await named(parseRecord(path, bytes)));
        } catch (error) {
          // One damaged file must not hide all other runs.
          onWarning(error instanceof Error ? error.message : String(error));
        }
      }
      return records.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt) || a.runId.localeCompare(b.runId));
    },
  };
}

function parseRecord(path: string, bytes: Buffer): RunRecord {
  const record = parse(path, bytes) as Partial<RunRecord> | null;
  if (typeof record !== 'object' || typeof record?.runId !== 'string' || typeof record.startedAt !== 'string') {
    throw new StoreMismatchError(`${path} is no run record. Move it away.`);
  }
  return record as RunRecord;
}

function parse(path: string, bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(String(bytes));
  } catch (cause) {
    throw new StoreMismatchError(`${path} is damaged. Move it away.`, { cause });
  }
}

function checkRunId(runId: string): void {
  if (!isRunId(runId)) throw new StoreMismatchError(`${JSON.stringify(runId)} is no run id.`);
}
