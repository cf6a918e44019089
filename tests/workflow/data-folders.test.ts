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
    const shard = await rig.started('two-folders/shard-000000');
    const [call] = await rig.until(
      async () => (await rig.pendingCalls(shard.workflowId)).filter(({ lastFailure }) => lastFailure !== null),
      (calls) => calls.length > 0,
      'a call to fail',
    );
    expect(call?.lastFailure).toContain(join(rig.dir, 'another'));
    expect((await rig.progress('two-folders')).counts).toMatchObject({ total: 20, failed: 0, skipped: 0 });

    await lost.stop();
    await rig.startWorker({ roles: ['analyze'] });
    const summary = (await handle.result()) as RunSummary;
    expect(summary).toMatchObject({ state: 'completed', counts: { succeeded: 20 } });
    expect(await rig.rows(summary)).toHaveLength(20);
  });
});
