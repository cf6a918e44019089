import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { workflowBundle } from '../../workers/workflow-bundle.ts';

const HISTORIES = fileURLToPath(new URL('histories/', import.meta.url));
const quiet = new DefaultLogger('ERROR', () => undefined);
const names = (await readdir(HISTORIES)).filter((name) => name.endsWith('.json')).toSorted();

const load = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(HISTORIES, name), 'utf8'));

describe('stored histories', () => {
  let bundle: Awaited<ReturnType<typeof workflowBundle>>;
  beforeAll(async () => {
    Runtime.install({ logger: quiet, telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } } });
    bundle = await workflowBundle(join(tmpdir(), 'sightline-test-bundles'), quiet);
  });

  it.each([
    'run-completed',
    'run-before-continue-as-new',
    'run-after-continue-as-new',
    'run-paused-and-resumed',
    'run-cancelled',
    'run-refused',
    'run-with-failed-assets',
    'shard-completed',
    'shard-opened-with-page',
    'shard-paused-and-resumed',
    'shard-cancelled',
    'shard-with-failed-assets',
    'shard-with-lost-segments',
    'shard-handing-back',
    'tail-shard',
    'one-asset',
  ])('%s is there', (name) => {
    expect(names).toContain(`${name}.json`);
  });

  it.each(names)('%s replays with the workflows of today', async (name) => {
    await Worker.runReplayHistory({ workflowBundle: bundle }, await load(name));
  });

  it('does not replay with workflows that were changed carelessly', async () => {
    const altered = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('altered-workflows.ts', import.meta.url)),
      logger: quiet,
    });
    await expect(
      Worker.runReplayHistory({ workflowBundle: altered }, await load('run-completed.json')),
    ).rejects.toThrow(DeterminismViolationError);
  });
});
