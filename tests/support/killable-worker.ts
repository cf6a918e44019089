import { appendFileSync } from 'node:fs';
import { parseSettings } from '../../config/parse-settings.ts';
import { readTemporalSettings } from '../../config/temporal-settings.ts';
import { createLogger, installRuntime, LANES, startWorker } from '../../workers/start-worker.ts';

/**
 * A worker that kills itself (SIGKILL) when its store reaches a step for the n-th time: `KILL_AT="part write: after"`,
 * `KILL_COUNT=2`. With `STEP_LOG` it writes down every step it reaches.
 */
const killAt = process.env['KILL_AT'];
const stepLog = process.env['STEP_LOG'];
let left = Number(process.env['KILL_COUNT'] ?? 1);

const settings = parseSettings(process.env, process.cwd());
const logger = createLogger('info');
installRuntime(logger, { onSignals: 'stop' });
const worker = await startWorker({
  settings,
  temporal: readTemporalSettings(),
  workingDir: process.cwd(),
  roles: ['run', 'analyze'],
  lanes: LANES,
  logger,
  stores: {
    checkpoint(name) {
      const step = stepOf(name);
      if (stepLog) appendFileSync(stepLog, `${step}\n`);
      if (step === killAt && (left -= 1) === 0) process.kill(process.pid, 'SIGKILL');
    },
  },
});
await worker.stopped;

/** The name of a step without the shard, run or digest in it. */
function stepOf(name: string): string {
  return name.replace(/\S*\d\S*/g, '#').trim();
}
