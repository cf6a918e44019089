import { parseArgs } from 'node:util';
import { parseSettings, SettingsError } from '../config/parse-settings.ts';
import { openSmokeBench } from './smoke-google/smoke-bench.ts';
import { runSmoke } from './smoke-google/run-smoke.ts';
import { EXPECTED_COST } from './smoke-google/untried.ts';

/** Tries against Google what has never been run there. Exit code 1: something failed; 2: it was not started. */
const USAGE = 'npm run smoke:google -- --project my-project --yes [--location US]';
function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\nType: ${USAGE}\n`);
  process.exit(2);
}

function readSettings() {
  try {
    return parseSettings(process.env, process.cwd());
  } catch (error) {
    if (error instanceof SettingsError) return refuse(error.message);
    throw error;
  }
}

function readOptions() {
  try {
    const options = { project: { type: 'string' }, location: { type: 'string' }, yes: { type: 'boolean' } } as const;
    return parseArgs({ options }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const { project, location = 'US', yes } = readOptions();
process.stderr.write(`This makes a dataset and a bucket, uses them and removes them. It costs ${EXPECTED_COST}.\n`);
if (project === undefined) refuse('Nothing was done: name the project that pays.');
if (yes !== true) refuse('Nothing was done: say --yes to that.');
const bench = openSmokeBench({ project, location, settings: readSettings() });
const isFine = await runSmoke(bench, (line) => process.stdout.write(`${line}\n`));
bench.close();
process.exitCode = isFine ? 0 : 1;
