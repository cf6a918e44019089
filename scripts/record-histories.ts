import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { RunRequest } from '../contracts/run.ts';
import { loseSegments } from '../tests/support/lose-segments.ts';
import { startRig, type Rig } from '../tests/support/rig.ts';

const FOLDER = fileURLToPath(new URL('../tests/replay/histories/', import.meta.url));
const slow = { kind: 'noop', settings: { delayMs: 150 } };
const small = { shardSize: 10, shardsInFlight: 2, assetsInFlight: 4, insertBatch: 5 };

/**
 * Records one history of each path that a run or a shard can take, as fixtures for the replay tests. Run it only when a path
 * is new: the fixtures stand for runs that are under way somewhere while the workflows change.
 */
await mkdir(FOLDER, { recursive: true });
await using rig = disposable(await startRig({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 60 } }));
await withLosses(rig);
await rig.startWorker();
await completed(rig);
await withFailures(rig);
await acrossContinueAsNew(rig);
await pausedAndResumed(rig);
await cancelled(rig);
await handedBack(rig);
await refused(rig);
await oneAsset(rig);

async function completed(on: Rig): Promise<void> {
  await toEnd(on, 'completed', { analyzer: { kind: 'noop' }, limits: small }, 12);
  await save(on, 'completed', 'run-completed');
  await save(on, 'completed/shard-000000', 'shard-completed');
  await save(on, 'completed/shard-000001', 'shard-opened-with-page');
}

async function withLosses(on: Rig): Promise<void> {
  const worker = await on.startWorker({ obstruct: loseSegments });
  await toEnd(on, 'losses', { analyzer: { kind: 'noop' }, limits: small }, 10);
  await worker.stop();
  await save(on, 'losses/shard-000000', 'shard-with-lost-segments');
}

async function withFailures(on: Rig): Promise<void> {
  const settings = { failureShare: 0.4, failure: 'AnswerInvalid' };
  await toEnd(on, 'failures', { analyzer: { kind: 'noop', settings }, limits: small }, 10);
  await save(on, 'failures', 'run-with-failed-assets');
  await save(on, 'failures/shard-000000', 'shard-with-failed-assets');
}

async function acrossContinueAsNew(on: Rig): Promise<void> {
  await toEnd(on, 'continued', { analyzer: { kind: 'noop' }, limits: { ...small, shardSize: 2 } }, 40);
  const executions = await on.until(
    () => Array.fromAsync(on.client.workflow.list({ query: "WorkflowId = 'continued'" })),
    (all) => all.length > 1 && all.every(({ status }) => status.name !== 'RUNNING'),
    'the executions of the run',
  );
  const inOrder = executions.toSorted((a, b) => a.startTime.getTime() - b.startTime.getTime());
  await save(on, 'continued', 'run-before-continue-as-new', inOrder.at(0)?.runId);
  await save(on, 'continued', 'run-after-continue-as-new', inOrder.at(-1)?.runId);
}

async function pausedAndResumed(on: Rig): Promise<void> {
  const handle = await begin(on, 'paused', { analyzer: slow, limits: small }, 60);
  await untilState(on, 'paused', 'running');
  await on.until(
    () => on.progress('paused'),
    ({ counts }) => counts.succeeded > 0,
    'the first rows',
  );
  await handle.signal('pause');
  await untilState(on, 'paused', 'paused');
  await handle.signal('resume');
  await handle.result();
  await save(on, 'paused', 'run-paused-and-resumed');
  await save(on, 'paused/shard-000000', 'shard-paused-and-resumed');
}

async function cancelled(on: Rig): Promise<void> {
  const handle = await begin(on, 'cancelled', { analyzer: slow, limits: small }, 60);
  await on.until(
    () => on.progress('cancelled'),
    ({ counts }) => counts.succeeded > 0,
    'the first rows',
  );
  await handle.cancel();
  await handle.result().catch(() => undefined);
  await save(on, 'cancelled', 'run-cancelled');
  await save(on, 'cancelled/shard-000000', 'shard-cancelled');
}

async function handedBack(on: Rig): Promise<void> {
  const settings = { failureShare: 0.3, failure: 'FetchFailed', failFirst: 1, waitMs: 1_500, unpaid: false };
  await toEnd(on, 'handed', { analyzer: { kind: 'noop', settings }, limits: { ...small, leftoverAfterMs: 100 } }, 10);
  await save(on, 'handed/shard-000000', 'shard-handing-back');
  await save(on, 'handed/shard-000001', 'tail-shard');
}

async function refused(on: Rig): Promise<void> {
  const handle = await on.startRun('refused', { source: 'nowhere' });
  await handle.result().catch(() => undefined);
  await save(on, 'refused', 'run-refused');
}

async function oneAsset(on: Rig): Promise<void> {
  const input = { images: [{ uri: '/none.jpg' }], analyzer: { kind: 'noop' } };
  await on.client.workflow.execute('analyzeOne', { workflowId: 'one', taskQueue: 'sightline', args: [input] });
  await save(on, 'one', 'one-asset');
}

async function begin(on: Rig, runId: string, request: Omit<RunRequest, 'source'>, assets: number) {
  return on.startRun(runId, { ...request, source: await on.makeCsv(assets, `${runId}.csv`) });
}

async function toEnd(on: Rig, runId: string, request: Omit<RunRequest, 'source'>, assets: number): Promise<void> {
  await (await begin(on, runId, request, assets)).result();
}

async function untilState(on: Rig, runId: string, state: string): Promise<void> {
  await on.until(
    () => on.progress(runId),
    (progress) => progress.state === state,
    `${runId} to be ${state}`,
  );
}

async function save(on: Rig, workflowId: string, name: string, runId?: string): Promise<void> {
  const history = await on.client.workflow.getHandle(workflowId, runId).fetchHistory();
  // The name of the machine is no part of the fixture.
  const text = historyToJSON(history).replaceAll(`@${hostname()}`, '@host');
  await writeFile(`${FOLDER}${name}.json`, `${text}\n`);
  process.stderr.write(`${name}: ${history.events?.length ?? 0} events\n`);
}

function disposable(on: Rig): Rig & AsyncDisposable {
  return Object.assign(on, { [Symbol.asyncDispose]: () => on.close() });
}
