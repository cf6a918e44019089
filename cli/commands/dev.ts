import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { RunningWorker } from '../../workers/start-worker.ts';
import { CliError, usageError } from '../cli-error.ts';
import { PROGRAM, type CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { openTemporal, type OpenTemporal } from '../open-temporal.ts';
import { openWorker, settingsOf } from '../open-worker.ts';
import { wholeNumber } from '../parse-option.ts';

interface DevOptions {
  readonly temporalPort: number;
  readonly uiPort?: number;
}

const DEFAULT_PORT = 7233;
/** As the Temporal CLI does. */
const UI_PORT_OFFSET = 1_000;

export const dev = defineCommand<DevOptions>({
  usage: 'dev',
  summary: 'Start a Temporal server with its Web UI and a worker, until Ctrl-C; runs go on at the next start',
  examples: ['dev', 'dev --data-dir /data/sightline --temporal-port 7400'],
  options: addOptions,
  async run(context, options) {
    const { dataDir } = settingsOf(context);
    const lock = await lockFolder(dataDir);
    const stopping = listenForStop(context);
    try {
      await serve(context, options, dataDir, stopping.asked);
    } finally {
      stopping.end();
      lock.close();
    }
    context.say('Stopped. Runs go on when it is started again with the same data folder.');
    return EXIT_CODES.ok.code;
  },
});

async function serve(context: CliContext, options: DevOptions, dataDir: string, asked: Promise<void>): Promise<void> {
  const temporal = await openServer(context, options, dataDir);
  try {
    const worker = await openWorker(context, {
      address: temporal.address,
      defaults: { logLevel: 'error', graceMs: 5_000 },
      onSignals: 'ignore',
    });
    sayWhere(context, temporal, dataDir);
    await untilStopped(asked, temporal, worker);
    context.say('Stopping: the worker finishes what is under way. Ctrl-C again ends at once.');
    await worker.stop();
  } finally {
    await temporal.stop();
  }
}

function addOptions(command: Command): void {
  command
    .option('--temporal-port <port>', 'port of the Temporal server', wholeNumber(1, 65_535), DEFAULT_PORT)
    .option('--ui-port <port>', 'port of its Web UI (default: the other port + 1000)', wholeNumber(1, 65_535));
}

/** The kernel drops the lock with the process, however it ends. */
async function lockFolder(dataDir: string): Promise<{ close(): void }> {
  const { tryLock } = await import('../../workers/call-ledger.ts');
  const folder = join(dataDir, 'scratch');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(EXIT_CODES.usage.code, `The data folder ${dataDir} cannot be used: ${why}.`, {
      hint: 'Choose another one with --data-dir.',
      cause,
    });
  }
  const lock = tryLock(join(folder, 'dev.lock'));
  if (lock) return lock;
  throw usageError(
    `Another ${PROGRAM} dev is running with the data folder ${dataDir}.`,
    'Use that one, or choose another folder with --data-dir and another --temporal-port.',
  );
}

async function openServer(context: CliContext, options: DevOptions, dataDir: string): Promise<OpenTemporal> {
  const ui = options.uiPort ?? Math.min(options.temporalPort + UI_PORT_OFFSET, 65_535);
  try {
    return await openTemporal(context, {
      port: options.temporalPort,
      ui,
      dbFile: join(dataDir, 'temporal.db'),
      logFile: join(dataDir, 'temporal.log'),
    });
  } catch (error) {
    if (!(error instanceof Error && 'reason' in error && error.reason === 'port-taken')) throw error;
    throw new CliError(EXIT_CODES.usage.code, error.message, {
      hint: 'Ports: --temporal-port and --ui-port. If a Temporal server runs there already, use it: TEMPORAL_ADDRESS=host:port.',
      cause: error,
    });
  }
}

function sayWhere(context: CliContext, temporal: OpenTemporal, dataDir: string): void {
  if (context.globals.json === true) {
    context.io.stdout.write(
      `${JSON.stringify({ address: temporal.address, ui_url: temporal.uiUrl ?? null, data_dir: dataDir })}\n`,
    );
  } else if (context.globals.quiet === true) context.print(temporal.address);
  else {
    const origin = temporal.isOurs ? '' : '  (yours, from TEMPORAL_ADDRESS or --address)';
    context.print(`Temporal     ${temporal.address}${origin}`);
    if (temporal.uiUrl) context.print(`Web UI       ${temporal.uiUrl}`);
    context.print(`Data folder  ${context.showPath(dataDir)}`);
    context.print('Worker       ready');
  }
  context.say('Ctrl-C stops everything. In another terminal:');
  const isDefault = temporal.address.endsWith(`:${DEFAULT_PORT}`) || !temporal.isOurs;
  const address = isDefault || context.globals.address !== undefined ? '' : ` --address ${temporal.address}`;
  context.next(`runs start <folder or CSV> --wait${address}`);
}

interface Stopping {
  readonly asked: Promise<void>;
  end(): void;
}

function listenForStop({ io }: CliContext): Stopping {
  const { promise, resolve } = Promise.withResolvers<void>();
  let asked = false;
  const end = io.onInterrupt(() => {
    if (asked) io.exitNow(EXIT_CODES.interrupted.code);
    asked = true;
    resolve();
  });
  return { asked: promise, end };
}

async function untilStopped(asked: Promise<void>, temporal: OpenTemporal, worker: RunningWorker): Promise<void> {
  const server = temporal.exited.then(() => {
    const tail = temporal.logTail();
    throw new CliError(EXIT_CODES.unexpected.code, 'The Temporal server ended by itself.', {
      hint: tail === '' ? 'Start again: runs go on where they were.' : tail,
    });
  });
  server.catch(() => {});
  const stopped = worker.stopped.then(() => {
    throw new CliError(EXIT_CODES.unexpected.code, 'The worker ended by itself.');
  });
  stopped.catch(() => {});
  await Promise.race([asked, server, stopped]);
}
