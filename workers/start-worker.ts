import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, type LogEntry, type Worker } from '@temporalio/worker';
import pino, { type Logger } from 'pino';
import type { Settings } from '../config/settings.ts';
import { storePlacesOf } from '../config/store-places.ts';
import type { TemporalSettings } from '../config/temporal-settings.ts';
import type { Activities } from '../activities/index.ts';
import { credentialsAt, openGoogle } from '../google/open-google.ts';
import { createStoreFinder } from '../stores/find-stores.ts';
import type { StoresOptions } from '../stores/index.ts';
import { assembleActivities } from './assemble-activities.ts';
import { openCallLedger } from './call-ledger.ts';
import { createWorkers, type WorkerRole } from './create-workers.ts';
import { handBackCalls } from './hand-back-calls.ts';
import { openLane } from './lanes.ts';
import { openImageDesks } from './open-image-desks.ts';
import { startHealthServer } from './health-server.ts';
import { scratchFolder } from './scratch-folder.ts';
import { workflowBundle } from './workflow-bundle.ts';

export interface StartWorkerOptions {
  readonly settings: Settings;
  readonly temporal: TemporalSettings;
  readonly workingDir: string;
  readonly roles: readonly WorkerRole[];
  /** Lanes to poll; only with the role `analyze`. */
  readonly lanes: readonly string[];
  readonly logger: Logger;
  /** Tests only. */
  readonly maxCachedWorkflows?: number;
  /** Tests only. */
  readonly stores?: StoresOptions;
  /** Tests only: puts something in the way of activities. */
  readonly obstruct?: (activities: Activities) => Activities;
}

export interface RunningWorker {
  /** Resolves when the worker has stopped. */
  readonly stopped: Promise<void>;
  /** Takes nothing new, waits for calls under way, and stops. */
  stop(): Promise<void>;
  /** Address of the liveness endpoint, where there is one. */
  readonly healthUrl: string | undefined;
}

/** Starts one worker process: hands back what dead predecessors held, then polls. */
export async function startWorker(options: StartWorkerOptions): Promise<RunningWorker> {
  const { settings, temporal, logger, roles } = options;
  const connection = await Connection.connect(temporal.connectionOptions);
  const client = new Client({ connection, namespace: temporal.namespace });
  const scratch = await scratchFolder(settings.dataDir, `${temporal.address}/${temporal.namespace}`);
  const handedBack = await handBackCalls(scratch, client);
  if (handedBack > 0) logger.warn({ calls: handedBack }, 'handed back the calls of a worker that was killed');

  const bundle = roles.includes('run')
    ? await workflowBundle(join(settings.dataDir, 'scratch', 'bundles'), sdkLogger(logger, 'WARN'))
    : undefined;
  const native = await NativeConnection.connect(temporal.connectionOptions);
  const ledger = openCallLedger(scratch, (error) =>
    logger.warn({ reason: String(error) }, 'the list of held calls cannot be written; a kill would cost more time'),
  );
  const google = openGoogle(settings);
  const images = openImageDesks(settings, google);
  const stores = createStoreFinder({
    ...storePlacesOf(settings),
    credentialsAt,
    storage: google.storage,
    onWarning: (message) => logger.warn(message),
    ...options.stores,
  });
  const activities = assembleActivities({
    settings,
    client,
    images,
    google,
    workingDir: options.workingDir,
    stores,
    isStopping: () => workers.some(isStopping),
  });
  const workers = await createWorkers({
    connection: native,
    namespace: temporal.namespace,
    roles,
    lanes: options.lanes.map((lane) => openLane(lane, settings)),
    activities: options.obstruct?.(activities) ?? activities,
    bundle,
    ledger,
    logger,
    graceMs: settings.graceMs,
    ...(options.maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows: options.maxCachedWorkflows }),
  });
  const health = await startHealthServer(settings.healthPort, () => workers.every(isAlive));
  const stopped = runUntilStopped();
  logger.info({ roles, lanes: options.lanes, temporal: temporal.address }, 'worker is polling');
  return { stopped, healthUrl: health?.url, stop: () => stopAll(workers, stopped) };

  async function runUntilStopped(): Promise<void> {
    try {
      await runAll(workers);
    } finally {
      ledger.close();
      await health?.close();
      await images[Symbol.asyncDispose]();
      stores.close();
      await native.close();
      await connection.close();
    }
  }
}

/** Sends the logs of the SDK through ours; call once per process, before anything else of the SDK. */
export function installRuntime(logger: Logger, options: { readonly onSignals: 'stop' | 'ignore' }): void {
  Runtime.install({
    logger: sdkLogger(logger, 'INFO'),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } } },
    ...(options.onSignals === 'ignore' ? { shutdownSignals: [] } : {}),
  });
}

function sdkLogger(logger: Logger, level: 'INFO' | 'WARN'): DefaultLogger {
  return new DefaultLogger(level, (entry: LogEntry) => {
    // Lanes carry activities only, on purpose.
    const known = entry.message.startsWith('No workflows registered');
    const name = known ? 'debug' : (entry.level.toLowerCase() as 'info');
    logger[name]({ ...entry.meta }, entry.message);
  });
}

/** Logs on stderr, so that stdout stays for data. */
export function createLogger(level: string): Logger {
  return pino({ level, base: { service: 'sightline' } }, pino.destination({ fd: 2, sync: false }));
}

async function runAll(workers: readonly Worker[]): Promise<void> {
  await Promise.all(
    workers.map(async (worker) => {
      try {
        await worker.run();
      } finally {
        // One that ends takes the others with it, or the process would go on half alive.
        for (const other of workers) if (other.getState() === 'RUNNING') other.shutdown();
      }
    }),
  );
}

async function stopAll(workers: readonly Worker[], stopped: Promise<void>): Promise<void> {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  await stopped;
}

function isStopping(worker: Worker): boolean {
  const state = worker.getState();
  return state !== 'INITIALIZED' && state !== 'RUNNING';
}

function isAlive(worker: Worker): boolean {
  const state = worker.getState();
  return state === 'RUNNING' || state === 'INITIALIZED' || state === 'STOPPING' || state === 'DRAINING';
}
