import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import pino from 'pino';
import { locateTemporalBinary } from '../../cli/temporal-server/locate-temporal.mjs';
import { startDevServer, type DevServer } from '../../cli/temporal-server/start-dev-server.ts';
import { parseSettings } from '../../config/parse-settings.ts';
import type { Settings } from '../../config/settings.ts';
import type { Progress, RunRequest, RunSummary } from '../../contracts/run.ts';
import { openParquetStores, type Stores, type StoresOptions } from '../../stores/index.ts';
import type { StoredRow } from '../../stores/ports.ts';
import type { Activities } from '../../activities/index.ts';
import { WORKER_ROLES, type WorkerRole } from '../../workers/create-workers.ts';
import { lanesOf } from '../../workers/lanes.ts';
import { installRuntime, startWorker, type RunningWorker } from '../../workers/start-worker.ts';
import { workflowBundle } from '../../workers/workflow-bundle.ts';
import { spawnWorkerProcess, type WorkerProcess } from './worker-process.ts';

export interface RigOptions {
  readonly dynamicConfig?: Readonly<Record<string, string | number | boolean>>;
  /** Keeps the server's state in a file, so that it survives a kill. */
  readonly persistent?: boolean;
}

export interface WorkerChoice {
  readonly stores?: StoresOptions;
  /** Default: `default`. */
  readonly namespace?: string;
  /** Default: the rig's. */
  readonly dataDir?: string;
  /** In place of the rig's. */
  readonly settings?: Partial<Settings>;
  /** Default: all. */
  readonly roles?: readonly WorkerRole[];
  /** Puts something in the way of activities. */
  readonly obstruct?: (activities: Activities) => Activities;
}

/** A real Temporal server, a data folder, and as many real workers as a test starts. */
export interface Rig {
  /** The server that runs now. */
  readonly server: DevServer;
  readonly client: Client;
  readonly dir: string;
  readonly settings: Settings;
  readonly stores: Stores;
  /** Flags that point a command at the server and the data folder. */
  readonly places: readonly string[];
  startWorker(choice?: WorkerChoice): Promise<RunningWorker>;
  /** Kills a persistent server (SIGKILL) and starts it again on the same port and file. */
  crashServer(): Promise<void>;
  /** Starts a worker as a process of its own, which can be killed; resolves when it polls. */
  spawnWorker(env?: Readonly<Record<string, string>>, main?: string): Promise<WorkerProcess>;
  /** Writes a CSV of `count` assets and returns its path. */
  makeCsv(count: number, name?: string): Promise<string>;
  startRun(runId: string, request: RunRequest): Promise<WorkflowHandle>;
  progress(runId: string): Promise<Progress>;
  /** Resolves when a workflow is there: a run counts a shard as running from the moment it asks for it. */
  started(workflowId: string): Promise<WorkflowHandle>;
  /** Calls of a shard that have not ended at the server. */
  pendingCalls(workflowId: string): Promise<readonly PendingCall[]>;
  /** Polls until the condition holds; the state, not the time, decides. */
  until<T>(look: () => Promise<T>, holds: (value: T) => boolean, what: string): Promise<T>;
  rows(summary: Pick<RunSummary, 'place'>): Promise<readonly StoredRow[]>;
  calls(log: string): Promise<readonly LoggedCall[]>;
  /** Replays every workflow that ended since the last call; a test that leaves one running fails. */
  replayAll(): Promise<number>;
  close(): Promise<void>;
}

export interface PendingCall {
  /** A worker has it; false: it waits to be taken, or to be tried again. */
  readonly isStarted: boolean;
  readonly lastFailure: string | null;
}

export interface LoggedCall {
  readonly assetId: string;
  readonly attempt: number;
  readonly atMs: number;
}

const STARTED = proto.temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_STARTED;
/** 0 in the pass that runs with the workflow cache off. */
const CACHE_OFF = process.env['SIGHTLINE_TEST_CACHE'] === 'off';
const silent = pino({ level: process.env['SIGHTLINE_TEST_LOG'] ?? 'silent' });
let runtimeInstalled = false;

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  if (!runtimeInstalled) {
    installRuntime(silent);
    runtimeInstalled = true;
  }
  const dir = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  const serverOptions = {
    binary: await temporalBinary(),
    ...(options.persistent ? { dbFile: join(dir, 'temporal.db') } : {}),
    ...(options.dynamicConfig ? { dynamicConfig: options.dynamicConfig } : {}),
  };
  let server = await startDevServer(serverOptions);
  const settings = parseSettings({ SIGHTLINE_DATA_DIR: join(dir, 'data'), SIGHTLINE_GRACE_MS: '5000' }, dir);
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection });
  const workers: RunningWorker[] = [];
  const processes: WorkerProcess[] = [];
  const replayed = new Set<string>();
  const stores = openParquetStores(settings.dataDir);

  return {
    get server() {
      return server;
    },
    async crashServer() {
      const port = Number(server.address.split(':').at(-1));
      await server.kill();
      server = await startDevServer({ ...serverOptions, port });
    },
    async spawnWorker(env = {}, main) {
      const worker = await spawnWorkerProcess(
        dir,
        {
          TEMPORAL_ADDRESS: server.address,
          SIGHTLINE_DATA_DIR: settings.dataDir,
          ...env,
        },
        main,
      );
      processes.push(worker);
      return worker;
    },
    client,
    dir,
    settings,
    stores,
    places: ['--address', server.address, '--data-dir', settings.dataDir],
    async startWorker(choice = {}) {
      const { address } = server;
      const mine = { ...settings, ...choice.settings, dataDir: choice.dataDir ?? settings.dataDir };
      const worker = await startWorker({
        settings: mine,
        temporal: { address, namespace: choice.namespace ?? 'default', connectionOptions: { address } },
        workingDir: dir,
        roles: choice.roles ?? WORKER_ROLES,
        lanes: lanesOf(mine),
        logger: silent,
        ...(CACHE_OFF ? { maxCachedWorkflows: 0 } : {}),
        ...(choice.stores ? { stores: choice.stores } : {}),
        ...(choice.obstruct ? { obstruct: choice.obstruct } : {}),
      });
      workers.push(worker);
      return worker;
    },
    async makeCsv(count, name = 'assets.csv') {
      const path = join(dir, name);
      const lines = Array.from({ length: count }, (_, index) => `asset-${index},images/${index}.jpg`);
      await writeFile(path, ['id,image', ...lines, ''].join('\n'));
      return path;
    },
    startRun: (runId, request) =>
      client.workflow.start('analyzeRun', { workflowId: runId, taskQueue: 'sightline', args: [request] }),
    progress: (runId) => client.workflow.getHandle(runId).query<Progress>('progress'),
    async started(workflowId) {
      const handle = client.workflow.getHandle(workflowId);
      const isThere = (): Promise<boolean> =>
        handle.describe().then(
          () => true,
          () => false,
        );
      await until(isThere, Boolean, `${workflowId} to start`);
      return handle;
    },
    async pendingCalls(workflowId) {
      const { pendingActivities } = await client.workflowService.describeWorkflowExecution({
        namespace: 'default',
        execution: { workflowId },
      });
      return (pendingActivities ?? [])
        .filter(({ activityType }) => activityType?.name === 'analyzeAsset')
        .map(({ state, lastFailure }) => ({ isStarted: state === STARTED, lastFailure: lastFailure?.message ?? null }));
    },
    until,
    async rows({ place }) {
      const found: StoredRow[] = [];
      for (let after: string | undefined; ; after = String(found.at(-1)?.['asset_id'])) {
        const page = await stores.reader.list(place, { limit: 10_000, ...(after === undefined ? {} : { after }) });
        found.push(...page);
        if (page.length < 10_000) return found;
      }
    },
    calls: readCallLog,
    async replayAll() {
      const fresh = (await closedHistories(client)).filter(({ runId }) => !replayed.has(runId));
      if (fresh.length === 0) return 0;
      const bundle = await workflowBundle(join(settings.dataDir, 'scratch', 'bundles'));
      const histories = fresh.map(({ workflowId, history }) => ({ workflowId, history }));
      for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, histories)) {
        if (error) throw new Error(`${workflowId} does not replay`, { cause: error });
      }
      for (const { runId } of fresh) replayed.add(runId);
      return fresh.length;
    },
    async close() {
      await Promise.all(processes.map((worker) => worker.kill()));
      await Promise.all(workers.map((worker) => worker.stop()));
      await connection.close();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

async function closedHistories(client: Client) {
  const executions = await until(
    async () => Array.fromAsync(client.workflow.list()),
    (all) => all.length > 0,
    'workflows to be listed',
  );
  return Promise.all(
    executions.map(async ({ workflowId, runId, status: listed }) => {
      const handle = client.workflow.getHandle(workflowId, runId);
      // The list follows a little after the fact; the workflow itself knows.
      if (listed.name === 'RUNNING' && (await handle.describe()).status.name === 'RUNNING') {
        throw new Error(`left running: ${workflowId}`);
      }
      const history: History = await handle.fetchHistory();
      return { workflowId, runId, history };
    }),
  );
}

export async function until<T>(look: () => Promise<T>, holds: (value: T) => boolean, what: string): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}; last: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export async function readCallLog(path: string): Promise<readonly LoggedCall[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [assetId = '', attempt, atMs] = line.split(' ');
      return { assetId, attempt: Number(attempt), atMs: Number(atMs) };
    });
}

export async function temporalBinary(): Promise<string> {
  const location = await locateTemporalBinary();
  if (location.kind === 'missing') throw new Error('no Temporal program: run npm test, which sets it up');
  return location.binary.path;
}
