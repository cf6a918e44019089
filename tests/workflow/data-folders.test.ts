import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

let rig: Rig;

useRig((started) => (rig = started), {}, 'none');

describe('workers with different data folders', () => {
  it('make no row of their misunderstanding: the run waits, says why, and completes when the folder is right', async () => {
    await rig.startWorker({ roles: ['run'] });
    const lost = await rig.startWorker({ roles: ['analyze'], dataDir: join(rig.dir, 'another') });
    const handle = await rig.startRun('two-folders', { source: await rig.makeCsv(20), analyzer: { kind: 'noop' } });
    const [call] = await rig.until(
      async () => (await describeShard('two-folders/shard-000000')).filter(({ lastFailure }) => lastFailure),
      (calls) => calls.length > 0,
      'a call to fail',
    );
    expect(call?.lastFailure?.message).toContain(join(rig.dir, 'another'));
    expect((await rig.progress('two-folders')).counts).toMatchObject({ total: 20, failed: 0, skipped: 0 });

    await lost.stop();
    await rig.startWorker({ roles: ['analyze'] });
    const summary = (await handle.result()) as RunSummary;
    expect(summary).toMatchObject({ state: 'completed', counts: { succeeded: 20 } });
    expect(await rig.rows(summary)).toHaveLength(20);
  });
});

async function describeShard(workflowId: string) {
  await rig.until(
    () => rig.progress('two-folders'),
    ({ shards }) => shards.running === 1,
    'the shard to run',
  );
  const { pendingActivities } = await rig.client.workflowService
    .describeWorkflowExecution({ namespace: 'default', execution: { workflowId } })
    // The run counts a shard as running from the moment it asks for it.
    .catch(() => ({ pendingActivities: [] }));
  return (pendingActivities ?? []).filter(({ activityType }) => activityType?.name === 'analyzeAsset');
}
