import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDemoPictures } from '../../cli/demo/make-pictures.ts';
import { startRig, temporalBinary, until, type Rig } from '../support/rig.ts';

const run = promisify(execFile);

let rig: Rig;
let binary: string;

beforeAll(async () => {
  rig = await startRig();
  await rig.startWorker();
  binary = await temporalBinary();
  await makeDemoPictures(rig.dir);
  // The worker's working folder is the folder of the rig, and the demo calls its folder `pictures`.
  await rig.makeCsv(200, 'slow.csv');
}, 120_000);
afterAll(() => rig.close());

async function temporal(...argv: readonly string[]): Promise<string> {
  const { stdout } = await run(binary, [...argv, '--address', rig.server.address]);
  return stdout;
}

async function progress(id: string): Promise<{ state: string; counts: Record<string, number> }> {
  const answer = JSON.parse(
    await temporal('workflow', 'query', '--type', 'progress', '--workflow-id', id, '-o', 'json'),
  );
  return answer.queryResult[0];
}

async function status(id: string): Promise<string> {
  const described = JSON.parse(await temporal('workflow', 'describe', '--workflow-id', id, '-o', 'json'));
  return described.workflowExecutionInfo.status;
}

const START = ['workflow', 'start', '--type', 'analyzeRun', '--task-queue', 'sightline'];

test('a run over a relative folder needs nothing but its source', async () => {
  await temporal(...START, '--workflow-id', 'my-run', '--input', '{"source":"pictures"}');
  await until(
    () => status('my-run'),
    (now) => now.endsWith('COMPLETED'),
    'the run to complete',
  );
  expect(await progress('my-run')).toMatchObject({
    state: 'completed',
    counts: { total: 19, succeeded: 16, skipped: 3 },
  });
  const record = await rig.stores.records.read('my-run');
  expect(record).toMatchObject({ request: { source: { kind: 'folder', path: join(rig.dir, 'pictures') } } });
});

test('pause, resume, query and cancel by signals', async () => {
  const input = JSON.stringify({
    source: 'slow.csv',
    analyzer: { kind: 'noop', settings: { delayMs: 800 } },
    limits: { assetsInFlight: 5, shardsInFlight: 1 },
  });
  await temporal(...START, '--workflow-id', 'by-hand', '--input', input);
  const reached = (state: string) =>
    until(
      () => progress('by-hand'),
      (now) => now.state === state,
      `the run to be ${state}`,
    );
  await reached('running');
  await temporal('workflow', 'signal', '--name', 'pause', '--workflow-id', 'by-hand');
  await reached('paused');
  await temporal('workflow', 'signal', '--name', 'pause', '--workflow-id', 'by-hand');
  await temporal('workflow', 'signal', '--name', 'resume', '--workflow-id', 'by-hand');
  await reached('running');
  await temporal('workflow', 'signal', '--name', 'cancel', '--workflow-id', 'by-hand');
  await until(
    () => status('by-hand'),
    (now) => now.endsWith('CANCELED'),
    'the run to be cancelled',
  );
  const { counts } = await progress('by-hand');
  expect((counts['succeeded'] ?? 0) + (counts['cancelled'] ?? 0)).toBe(200);
});

test("Temporal's own cancel does the same", async () => {
  const input = JSON.stringify({ source: 'slow.csv', analyzer: { kind: 'noop', settings: { delayMs: 20_000 } } });
  await temporal(...START, '--workflow-id', 'cancelled', '--input', input);
  await until(
    () => progress('cancelled'),
    (now) => now.state === 'running',
    'the run to start',
  );
  await temporal('workflow', 'cancel', '--workflow-id', 'cancelled');
  await until(
    () => status('cancelled'),
    (now) => now.endsWith('CANCELED'),
    'the run to be cancelled',
  );
  expect(await progress('cancelled')).toMatchObject({ state: 'cancelled', counts: { total: 200 } });
});

test('an id that was used before is refused, and the first run stays the run', async () => {
  await temporal(...START, '--workflow-id', 'twice', '--input', '{"source":"pictures"}');
  await until(
    () => status('twice'),
    (now) => now.endsWith('COMPLETED'),
    'the first run to complete',
  );
  await temporal(...START, '--workflow-id', 'twice', '--input', '{"source":"pictures","prompt":"resolution"}');
  await until(
    () => status('twice'),
    (now) => now.endsWith('FAILED'),
    'the second start to be refused',
  );
  const { cli } = await import('../support/recorded-io.ts');
  const shown = await cli(['runs', 'show', 'twice', ...rig.places]);
  expect(shown.out).toContain('twice  completed');
  expect(shown.out).toContain('A later start with the same id was refused');
});
