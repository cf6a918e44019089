import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { SETTINGS } from '../../config/settings.ts';
import type { RunningWorker } from '../../workers/start-worker.ts';
import { CliError, usageError } from '../cli-error.ts';
import { PROGRAM, type CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { FakeGoogle } from '../fake-google/open-fake-google.ts';
import { openTemporal, type OpenTemporal } from '../open-temporal.ts';
import { openWorker, settingsOf } from '../open-worker.ts';
import { wholeNumber } from '../parse-option.ts';

interface DevOptions {
  readonly temporalPort: number;
  readonly uiPort?: number;
  readonly fakeGoogle?: boolean;
}

const DEFAULT_PORT = 7233;
/** As the Temporal CLI does. */
const UI_PORT_OFFSET = 1_000;

export const dev = defineCommand<DevOptions>({
  usage: 'dev',
  summary: 'Start a Temporal server with its Web UI and a worker, until Ctrl-C; runs go on at the next start',
  examples: ['dev', 'dev --data-dir /data/sightline --temporal-port 7400', 'dev --fake-google'],
  options: addOptions,
  async run(context, options) {
    const { dataDir } = settingsOf(context);
    const lock = await lockFolder(dataDir);
    const stopping = listenForStop(context);
    try {
      const google = options.fakeGoogle === true ? await openGoogle(context, dataDir) : undefined;
      try {
        await serve(google ? withSettings(context, google.env) : context, options, { dataDir, google }, stopping.asked);
      } finally {
        await google?.close();
      }
    } finally {
      stopping.end();
      lock.close();
    }
    context.say('Stopped. Runs go on when it is started again with the same data folder.');
    return EXIT_CODES.ok.code;
  },
});

/** What is there before the Temporal server. */
interface Ground {
  readonly dataDir: string;
  readonly google: FakeGoogle | undefined;
}

async function serve(context: CliContext, options: DevOptions, ground: Ground, asked: Promise<void>): Promise<void> {
  const { dataDir, google } = ground;
  const temporal = await openServer(context, options, dataDir);
  try {
    const worker = await openWorker(context, {
      address: temporal.address,
      defaults: { logLevel: 'error', graceMs: 5_000 },
      onSignals: 'ignore',
    });
    await sayWhere(context, temporal, ground);
    await untilStopped(asked, temporal, worker, google);
    context.say('Stopping: the worker finishes what is under way. Ctrl-C again ends at once.');
    await worker.stop();
  } finally {
    await temporal.stop();
  }
}

function addOptions(command: Command): void {
  command
    .option('--temporal-port <port>', 'port of the Temporal server', wholeNumber(1, 65_535), DEFAULT_PORT)
    .option('--ui-port <port>', 'port of its Web UI (default: the other port + 1000)', wholeNumber(1, 65_535))
    .option('--fake-google', 'beside it servers that stand in for BigQuery, Cloud Storage and Gemini, with a sample');
}

async function openGoogle(context: CliContext, dataDir: string): Promise<FakeGoogle> {
  const { openFakeGoogle } = await import('../fake-google/open-fake-google.ts');
  return openFakeGoogle(dataDir, (line) => context.say(line));
}

function withSettings(context: CliContext, env: Readonly<Record<string, string>>): CliContext {
  return { ...context, io: { ...context.io, env: { ...context.io.env, ...env } } };
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

async function sayWhere(context: CliContext, temporal: OpenTemporal, { dataDir, google }: Ground): Promise<void> {
  const shown = google && (await showGoogle(google, temporal.address, dataDir));
  if (context.globals.json === true) {
    const where = { address: temporal.address, ui_url: temporal.uiUrl ?? null, data_dir: dataDir };
    context.io.stdout.write(`${JSON.stringify({ ...where, ...(shown && { google: shown.json }) })}\n`);
  } else if (context.globals.quiet === true) context.print(temporal.address);
  else {
    const origin = temporal.isOurs ? '' : '  (yours, from TEMPORAL_ADDRESS or --address)';
    context.print(`Temporal     ${temporal.address}${origin}`);
    if (temporal.uiUrl) context.print(`Web UI       ${temporal.uiUrl}`);
    context.print(`Data folder  ${context.showPath(dataDir)}`);
    for (const line of shown?.lines ?? []) context.print(line);
    context.print('Worker       ready');
  }
  context.say('Ctrl-C stops everything. In another terminal:');
  if (shown) {
    context.say(`. ${context.word(context.showPath(shown.envFile))}`);
    context.next(shown.run);
    return;
  }
  const isDefault = temporal.address.endsWith(`:${DEFAULT_PORT}`) || !temporal.isOurs;
  const address = isDefault || context.globals.address !== undefined ? '' : ` --address ${temporal.address}`;
  context.next(`runs start <folder or CSV> --wait${address}`);
}

async function showGoogle(google: FakeGoogle, address: string, dataDir: string) {
  const { fakeGoogleJson, fakeGoogleLines, SAMPLE_RUN } = await import('../fake-google/describe-fake-google.ts');
  const envFile = await google.writeEnvironment({ TEMPORAL_ADDRESS: address, [SETTINGS.dataDir.env]: dataDir });
  return { envFile, lines: fakeGoogleLines(google), json: fakeGoogleJson(google, envFile), run: SAMPLE_RUN };
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

async function untilStopped(
  asked: Promise<void>,
  temporal: OpenTemporal,
  worker: RunningWorker,
  google: FakeGoogle | undefined,
): Promise<void> {
  const server = temporal.exited.then(() => {
    const tail = temporal.logTail();
    throw new CliError(EXIT_CODES.unexpected.code, 'The Temporal server ended by itself.', {
      hint: tail === '' ? 'Start again: runs go on where they were.' : tail,
    });
  });
  const stopped = worker.stopped.then(() => {
    throw new CliError(EXIT_CODES.unexpected.code, 'The worker ended by itself.');
  });
  const others = google?.exited.then(() => {
    throw new CliError(EXIT_CODES.unexpected.code, 'A server that stands in for Google Cloud ended by itself.', {
      hint: 'Its log is in the data folder, below fake-google. Start again: runs go on where they were.',
    });
  });
  const ends = [server, stopped, ...(others ? [others] : [])];
  for (const end of ends) end.catch(() => {});
  await Promise.race([asked, ...ends]);
}
