import { appendFileSync } from 'node:fs';
import { parseSettings } from '../../config/parse-settings.ts';
import { readTemporalSettings } from '../../config/temporal-settings.ts';
import { lanesOf } from '../../workers/lanes.ts';
import { createLogger, installRuntime, startWorker } from '../../workers/start-worker.ts';
import { stopOnSignals } from '../../workers/stop-on-signals.ts';

/**
 * A worker that kills itself (SIGKILL) when its store reaches a step for the n-th time: `KILL_AT="part write: after"`,
 * `KILL_COUNT=2`. With `STEP_LOG` it writes down every step it reaches. With `CRASH_ON=asset-7` it dies of SIGSEGV, as native
 * code does, each time it is to analyse that asset.
 */
const killAt = process.env['KILL_AT'];
const stepLog = process.env['STEP_LOG'];
const crashOn = process.env['CRASH_ON'];
let left = Number(process.env['KILL_COUNT'] ?? 1);

const settings = parseSettings(process.env, process.cwd());
const logger = createLogger('info');
installRuntime(logger);
const worker = await startWorker({
  settings,
  temporal: readTemporalSettings(),
  workingDir: process.cwd(),
  roles: ['run', 'analyze'],
  lanes: lanesOf(settings),
  logger,
  obstruct: ({ run, lane }) => ({
    run,
    lane: {
      analyzeAsset(input) {
        if (input.asset.assetId === crashOn) process.kill(process.pid, 'SIGSEGV');
        return lane.analyzeAsset(input);
      },
    },
  }),
  stores: {
    checkpoint(name) {
      const step = stepOf(name);
      if (stepLog) appendFileSync(stepLog, `${step}\n`);
      if (step === killAt && (left -= 1) === 0) process.kill(process.pid, 'SIGKILL');
    },
  },
});
stopOnSignals(worker);
await worker.stopped;

/** The name of a step without the shard, run or digest in it. */
function stepOf(name: string): string {
  return name.replace(/\S*\d\S*/g, '#').trim();
}
