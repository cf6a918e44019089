import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
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
import { createCallsHere } from './calls-here.ts';
import { createWorkers, type WorkerRole } from './create-workers.ts';
import { handBackCalls } from './hand-back-calls.ts';
import { handBackUndelivered } from './hand-back-undelivered.ts';
import { openLane } from './lanes.ts';
import { openImageDesks } from './open-image-desks.ts';
import { startHealthServer } from './health-server.ts';
import { runWorkers } from './run-workers.ts';
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
  // The default is the same for every worker of a process, and for process 1 of every container of a name.
  const identity = `${process.pid}@${hostname()}#${randomUUID()}`;
  const callsHere = createCallsHere();
  const workers = await createWorkers({
    connection: native,
    namespace: temporal.namespace,
    identity,
    roles,
    lanes: options.lanes.map((lane) => openLane(lane, settings)),
    activities: options.obstruct?.(activities) ?? activities,
    bundle,
    ledger,
    callsHere,
    logger,
    graceMs: settings.graceMs,
    ...(options.maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows: options.maxCachedWorkflows }),
  });
  const health = await startHealthServer(settings.healthPort, () => workers.every(isAlive));
  const running = runWorkers(workers, () => handBackUndelivered(client, identity, callsHere), logger);
  const stopped = runUntilStopped();
  logger.info({ roles, lanes: options.lanes, temporal: temporal.address }, 'worker is polling');
  return {
    stopped,
    healthUrl: health?.url,
    stop() {
      running.stop();
      return stopped;
    },
  };

  async function runUntilStopped(): Promise<void> {
    try {
      await running.ended;
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

/**
 * Sends the logs of the SDK through ours, and leaves signals to the process; call once per process, before anything else of
 * the SDK.
 */
export function installRuntime(logger: Logger): void {
  Runtime.install({
    logger: sdkLogger(logger, 'INFO'),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } } },
    shutdownSignals: [],
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

function isStopping(worker: Worker): boolean {
  const state = worker.getState();
  return state !== 'INITIALIZED' && state !== 'RUNNING';
}

function isAlive(worker: Worker): boolean {
  const state = worker.getState();
  return state === 'RUNNING' || state === 'INITIALIZED' || state === 'STOPPING' || state === 'DRAINING';
}
