import { join, resolve } from 'node:path';
import type { Sightline } from '../../client/main.ts';
import type { StoredRow } from '../../stores/ports.ts';
import { createContext, type CliContext } from '../cli-context.ts';
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../define-command.ts';
import { compareWithTruth, type Difference } from '../demo/compare-with-truth.ts';
import type { DemoSet } from '../demo/make-pictures.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { followRun } from '../follow-run.ts';
import { openTemporal, type OpenTemporal } from '../open-temporal.ts';
import { openWorker, settingsOf } from '../open-worker.ts';
import { cellText } from '../output/row-text.ts';
import { runText } from '../output/run-text.ts';
import { sayOpen } from '../say-open.ts';

interface DemoOptions {
  readonly dir?: string;
}

/** More rows than the demo has. */
const ALL_ROWS = 1_000;
const SHOWN = ['asset_id', 'outcome', 'exposure', 'sharpness', 'blurred', 'usable', 'failure'] as const;

export const demo = defineCommand<DemoOptions>({
  usage: 'demo',
  summary: 'Make pictures, analyse them in a real run, and check the answers; needs no account',
  examples: ['demo', 'demo --dir /tmp/sightline-demo'],
  options: (command) =>
    command.option('--dir <folder>', 'where pictures and results go (default: demo in the data folder)'),
  async run(outer, { dir }) {
    const { io } = outer;
    const folder = dir === undefined ? join(settingsOf(outer).dataDir, 'demo') : resolve(io.workingDir, dir);
    // From here on every command that is named must find this folder.
    const context = createContext(io, { ...outer.globals, dataDir: outer.showPath(folder) });
    const stop = listenForStop(context);
    try {
      const set = await makePictures(context, folder);
      stop.throwIfAsked();
      const temporal = await openTemporal(context, {});
      try {
        return await runDemo(context, set, temporal, stop);
      } finally {
        await temporal.stop();
      }
    } finally {
      stop.end();
    }
  },
});

async function makePictures(context: CliContext, folder: string): Promise<DemoSet> {
  const { makeDemoPictures } = await import('../demo/make-pictures.ts');
  const set = await makeDemoPictures(folder);
  const assets = Object.keys(set.groundTruth.assets).length;
  context.say(`Pictures of ${assets} things along a street: ${context.showPath(set.picturesFolder)}`);
  return set;
}

async function runDemo(
  context: CliContext,
  set: DemoSet,
  temporal: OpenTemporal,
  stop: StopRequest,
): Promise<ExitCode> {
  const { dataDir } = settingsOf(context);
  context.say(
    temporal.isOurs
      ? `Started a Temporal server of its own for the demo (${temporal.address}); it ends with the demo.`
      : `Using your Temporal server ${temporal.address}.`,
  );
  stop.throwIfAsked();
  const worker = await openWorker(context, {
    address: temporal.address,
    dataDir,
    defaults: { logLevel: 'silent', graceMs: 1_000 },
    onSignals: 'ignore',
  });
  try {
    stop.throwIfAsked();
    const { connectSightline } = await import('../../client/main.ts');
    await using sightline = connectSightline({ address: temporal.address, dataDir });
    const store = { kind: 'parquet' as const, path: dataDir };
    const runId = await sightline.start({ source: set.picturesFolder, prompt: 'photo-quality', store, tags: ['demo'] });
    context.say(`Started the run ${runId}.`);
    const { why } = await followRun(context, sightline, runId);
    if (why === 'left') throw interrupted();
    return await report(context, sightline, set, runId);
  } finally {
    await worker.stop();
  }
}

async function report(context: CliContext, sightline: Sightline, set: DemoSet, runId: string): Promise<ExitCode> {
  const details = await sightline.details(runId);
  const rows = await sightline.results(runId, { limit: ALL_ROWS });
  const differences = compareWithTruth(set.groundTruth.assets, rows);
  const isEqual = details.view.state === 'completed' && differences.length === 0;
  const { writeReport } = await import('../report/write-report.ts');
  const page = await writeReport(sightline, runId, { path: join(sightline.dataDir, `${runId}.html`) });
  if (context.globals.json === true) {
    context.printJson({
      ...details.view,
      files: details.files,
      report: page.path,
      isEqual,
      differences,
      groundTruth: set.groundTruthPath,
    });
  } else if (context.globals.quiet === true) context.print(runId);
  else {
    context.print('');
    printRows(context, rows);
    context.print(`\n${runText({ ...details, context })}`);
  }
  sayVerdict(context, differences, isEqual, set);
  if (isEqual) sayNext(context, set, runId);
  context.say('\nPictures beside their answers, in one page:');
  sayOpen(context, page.path);
  return isEqual ? EXIT_CODES.ok.code : EXIT_CODES.unexpected.code;
}

function printRows(context: CliContext, rows: readonly StoredRow[]): void {
  const cells = rows.map((row) => SHOWN.map((name) => cellText(row[name])));
  context.printTable(
    SHOWN.map((title) => ({ title, align: title === 'sharpness' ? 'right' : 'left', keep: title === 'asset_id' })),
    cells,
  );
}

function sayVerdict(context: CliContext, differences: readonly Difference[], isEqual: boolean, set: DemoSet): void {
  const truth = context.showPath(set.groundTruthPath);
  if (isEqual) {
    return context.say(
      `\nEvery answer is what it has to be (${truth}): also the files that are no pictures, on purpose.`,
    );
  }
  context.say(`\nThe answers are not what they have to be (${truth}):`);
  for (const { assetId, column, expected, found } of differences.slice(0, 20)) {
    context.say(`  ${assetId}: ${column} is ${cellText(found) || 'empty'}, not ${cellText(expected) || 'empty'}`);
  }
}

function sayNext(context: CliContext, set: DemoSet, runId: string): void {
  const plain = createContext(context.io, {});
  const picture = context.word(context.showPath(join(set.picturesFolder, 'bench-blurred', 'front.jpg')));
  context.say('\nNow try:');
  context.say(`  ${plain.command(`try ${picture}`)}`);
  context.say(`  ${context.command(`results list ${runId} --only skipped`)}`);
  context.say(
    `  ${plain.command('dev')}    and in another terminal: ${plain.command(`runs start ${context.word(context.showPath(set.picturesFolder))} --wait`)}`,
  );
}

interface StopRequest {
  throwIfAsked(): void;
  end(): void;
}

/** Everything belongs to the demo, so Ctrl-C ends everything. */
function listenForStop({ io }: CliContext): StopRequest {
  let asked = 0;
  const end = io.onInterrupt(() => {
    asked += 1;
    if (asked > 1) io.exitNow(EXIT_CODES.interrupted.code);
  });
  return {
    end,
    throwIfAsked() {
      if (asked > 0) throw interrupted();
    },
  };
}

function interrupted(): CliError {
  return new CliError(EXIT_CODES.interrupted.code, 'Stopped. Nothing of the demo is left running.');
}
