import { afterAll, beforeAll, expect, it } from 'vitest';
import { laneQueue } from '../../contracts/queues.ts';
import type { RunSummary } from '../../contracts/run.ts';
import { createCallsHere } from '../../workers/calls-here.ts';
import { handBackUndelivered } from '../../workers/hand-back-undelivered.ts';
import { startRig, type Rig } from '../support/rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
  await rig.startWorker({ roles: ['run'] });
});
afterAll(async () => {
  await rig.replayAll();
  await rig.close();
});

/** Takes a call from the server as a worker does, and does nothing with it. */
async function take(identity: string) {
  const { client } = rig;
  const { activityId, workflowExecution } = await client.withDeadline(Date.now() + 30_000, () =>
    client.workflowService.pollActivityTaskQueue({
      namespace: 'default',
      taskQueue: { name: laneQueue('noop') },
      identity,
    }),
  );
  return { activityId, shardId: workflowExecution!.workflowId! };
}

it('calls that a stopping worker was given and never received begin elsewhere at once, and count as no attempt', async () => {
  const source = await rig.makeCsv(4);
  const handle = await rig.startRun('undelivered', { source, analyzer: 'noop' });
  const [received, lost, lostToo, ofAnother] = [
    await take('stopping'),
    await take('stopping'),
    await take('stopping'),
    await take('another'),
  ];
  const here = createCallsHere();
  here.add(received);
  expect(await handBackUndelivered(rig.client, 'stopping', here)).toEqual({ calls: 2, openShards: 1 });
  await rig.until(
    () => rig.pendingCalls(received.shardId),
    (calls) => calls.filter(({ isStarted }) => !isStarted).length === 2,
    'the two calls to wait for a worker again',
  );
  expect(await handBackUndelivered(rig.client, 'stopping', here)).toEqual({ calls: 0, openShards: 1 });
  expect(new Set([received, lost, lostToo, ofAnother].map(({ activityId }) => activityId)).size).toBe(4);

  here.remove(received);
  expect(await handBackUndelivered(rig.client, 'stopping', here)).toEqual({ calls: 1, openShards: 1 });
  expect(await handBackUndelivered(rig.client, 'another', here)).toEqual({ calls: 1, openShards: 1 });
  await rig.startWorker({ roles: ['analyze'] });
  const summary = (await handle.result()) as RunSummary;
  expect(await handBackUndelivered(rig.client, 'stopping', here)).toEqual({ calls: 0, openShards: 0 });
  expect((await rig.rows(summary)).map((row) => row['attempts'])).toEqual([1, 1, 1, 1]);
});
