#!/usr/bin/env node
import { parseSettings, SettingsError } from '../config/parse-settings.ts';
import { readTemporalSettings } from '../config/temporal-settings.ts';
import { WORKER_ROLES } from './create-workers.ts';
import { lanesOf } from './lanes.ts';
import { createLogger, installRuntime, startWorker } from './start-worker.ts';
import { stopOnSignals } from './stop-on-signals.ts';

try {
  const settings = parseSettings(process.env, process.cwd());
  const logger = createLogger(settings.logLevel);
  installRuntime(logger);
  const worker = await startWorker({
    settings,
    temporal: readTemporalSettings(),
    workingDir: process.cwd(),
    roles: WORKER_ROLES,
    lanes: lanesOf(settings),
    logger,
  });
  stopOnSignals(worker);
  await worker.stopped;
} catch (error) {
  process.stderr.write(`${error instanceof SettingsError ? error.message : String(error)}\n`);
  process.exitCode = error instanceof SettingsError ? 2 : 1;
}
