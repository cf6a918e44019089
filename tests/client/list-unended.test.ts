import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { listUnended } from '../../client/list-unended.ts';
import { runRecord, placeIn } from '../suites/store-samples.ts';
import type { RunRecords } from '../../stores/ports.ts';

/** What a server knows, by run id: the state of a run and its first execution. */
const KNOWN: Readonly<Record<string, readonly [state: string, executionId: string]>> = {
  running: ['RUNNING', 'mine'],
  terminated: ['TERMINATED', 'mine'],
  'again-here': ['COMPLETED', 'another'],
};

const client = {
  withDeadline: (_: number, call: () => Promise<unknown>) => call(),
  workflow: {
    getHandle: (runId: string) => ({
      async describe() {
        const [name, firstRunId] = KNOWN[runId] ?? [];
        if (name === undefined) throw new WorkflowNotFoundError('not found', runId, undefined);
        return { status: { name }, raw: { workflowExecutionInfo: { firstRunId } } };
      },
    }),
  },
} as unknown as Client;

it('lists runs without an end, but for those of which the server itself knows that they have ended', async () => {
  const open = [...Object.keys(KNOWN), 'elsewhere'].map((runId) => ({ runId, endedAt: null }));
  const all = [...open, { runId: 'done', endedAt: '2026-01-01T00:01:00.000Z' }];
  const list = async () =>
    all.map((each) => ({ ...runRecord(each.runId, '', placeIn('/data')), executionId: 'mine', ...each }));
  const records = { list } as Partial<RunRecords> as RunRecords;
  expect(await listUnended(client, records)).toEqual(['again-here', 'elsewhere', 'running']);
});
