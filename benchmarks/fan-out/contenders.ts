import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { RUN_PRIORITY, RUN_QUEUE } from '../../contracts/queues.ts';
import { DEFAULT_LIMITS } from '../../contracts/limits.ts';
import type { RunRequest } from '../../contracts/run.ts';
import type { BareRunInput } from '../bare/shape.ts';

/** One of the two programs that are compared. */
export interface Contender {
  readonly name: 'sightline' | 'bare';
  /** Source of its worker process. */
  readonly workerMain: string;
  /** Makes what a run of `total` assets needs and returns how to run it to its end. */
  prepare(dir: string, total: number): Promise<(client: Client, workflowId: string) => Promise<unknown>>;
}

export const sightline: Contender = {
  name: 'sightline',
  workerMain: fileURLToPath(new URL('../../workers/main.ts', import.meta.url)),
  async prepare(dir, total) {
    const source = join(dir, `assets-${total}.csv`);
    await writeFile(source, csvOf(total));
    const request: RunRequest = { source, analyzer: { kind: 'noop' } };
    return (client, workflowId) => execute(client, 'analyzeRun', workflowId, request);
  },
};

export const bare: Contender = {
  name: 'bare',
  workerMain: fileURLToPath(new URL('../bare/main.ts', import.meta.url)),
  async prepare(dir, total) {
    const input: BareRunInput = { total, limits: DEFAULT_LIMITS, folder: dir };
    return (client, workflowId) => execute(client, 'bareRun', workflowId, input);
  },
};

/** Starts a workflow and waits for its result. */
export async function execute(client: Client, type: string, workflowId: string, input: unknown): Promise<unknown> {
  return client.workflow.execute(type, {
    workflowId,
    taskQueue: RUN_QUEUE,
    args: [input],
    priority: { priorityKey: RUN_PRIORITY, fairnessKey: workflowId },
  });
}

/** Assets without attributes; their images need not exist, the noop analyzer does not look. */
export function csvOf(total: number): string {
  const lines = Array.from({ length: total }, (_, row) => `asset-${row},images/${row}.jpg`);
  return ['id,image', ...lines, ''].join('\n');
}
