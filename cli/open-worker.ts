import { resolve } from 'node:path';
import { parseSettings } from '../config/parse-settings.ts';
import type { Settings } from '../config/settings.ts';
import { readTemporalSettings, type TemporalSettings } from '../config/temporal-settings.ts';
import type { WorkerRole } from '../workers/create-workers.ts';
import type { RunningWorker } from '../workers/start-worker.ts';
import { NoWorker } from '../client/client-errors.ts';
import type { CliContext } from './cli-context.ts';

export interface WorkerChoice {
  readonly address?: string;
  readonly dataDir?: string;
  readonly roles?: readonly WorkerRole[];
  readonly lanes?: readonly string[];
  readonly healthPort?: number;
  /** Used where the environment says nothing. */
  readonly defaults: { readonly logLevel: string; readonly graceMs?: number };
  /** Who ends the worker at SIGINT and SIGTERM: the worker itself, or the command. */
  readonly onSignals: 'stop' | 'ignore';
}

/** Starts a worker in this process. Throws `NoTemporalServer` when nobody answers. */
export async function openWorker(context: CliContext, choice: WorkerChoice): Promise<RunningWorker> {
  const { createLogger, installRuntime, startWorker } = await import('../workers/start-worker.ts');
  const { stopOnSignals } = await import('../workers/stop-on-signals.ts');
  const { lanesOf } = await import('../workers/lanes.ts');
  const settings = settingsOf(context, choice);
  const temporal = temporalSettingsOf(context, choice);
  await findServer(context, temporal.address);
  const logger = createLogger(settings.logLevel);
  installRuntime(logger);
  const worker = await startWorker({
    settings,
    temporal,
    workingDir: context.io.workingDir,
    roles: choice.roles ?? ['run', 'analyze'],
    lanes: choice.lanes ?? lanesOf(settings),
    logger,
  });
  if (choice.onSignals === 'stop') stopOnSignals(worker);
  return worker;
}

/** The settings of the environment, with what the command line says in their place. */
export function settingsOf(context: CliContext, choice: Partial<WorkerChoice> = {}): Settings {
  const { io, globals } = context;
  const { logLevel, graceMs } = choice.defaults ?? {};
  const dataDir = choice.dataDir ?? globals.dataDir;
  return parseSettings(
    {
      ...(logLevel === undefined ? {} : { SIGHTLINE_LOG_LEVEL: logLevel }),
      ...(graceMs === undefined ? {} : { SIGHTLINE_GRACE_MS: String(graceMs) }),
      ...io.env,
      ...(dataDir === undefined ? {} : { SIGHTLINE_DATA_DIR: resolve(io.workingDir, dataDir) }),
      ...(choice.healthPort === undefined ? {} : { SIGHTLINE_HEALTH_PORT: String(choice.healthPort) }),
    },
    io.workingDir,
  );
}

function temporalSettingsOf(context: CliContext, choice: WorkerChoice): TemporalSettings {
  const settings = readTemporalSettings();
  const address = choice.address ?? context.globals.address ?? settings.address;
  return { ...settings, address, connectionOptions: { ...settings.connectionOptions, address } };
}

async function findServer(context: CliContext, address: string): Promise<void> {
  const { connectSightline } = await import('../client/main.ts');
  await using sightline = connectSightline({ address, dataDir: settingsOf(context).dataDir });
  try {
    await sightline.checkWorker();
  } catch (error) {
    if (!(error instanceof NoWorker)) throw error;
  }
}
