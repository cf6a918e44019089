import type { Command } from 'commander';
import type { Settings } from '../../config/settings.ts';
import type { WorkerRole } from '../../workers/create-workers.ts';
import { usageError } from '../cli-error.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { openWorker, settingsOf } from '../open-worker.ts';
import { repeated, wholeNumber, wordsOf } from '../parse-option.ts';

/** Written out, because asking the worker would load it for every command. */
const WORKER_ROLES = ['run', 'analyze'] as const satisfies readonly WorkerRole[];

interface WorkerOptions {
  readonly role?: readonly WorkerRole[];
  readonly lane?: readonly string[];
  readonly healthPort?: number;
}

export const worker = defineCommand<WorkerOptions>({
  usage: 'worker',
  summary: 'Work for a Temporal server until SIGTERM or Ctrl-C; what is under way is finished first',
  examples: ['worker', 'worker --role analyze --lane local --health-port 8080'],
  options: addOptions,
  async run(context, { role, lane, healthPort }) {
    if (lane) await checkLanes(lane, settingsOf(context));
    const running = await openWorker(context, {
      ...(role ? { roles: role } : {}),
      ...(lane ? { lanes: lane } : {}),
      ...(healthPort === undefined ? {} : { healthPort }),
      defaults: { logLevel: 'info' },
      onSignals: 'stop',
    });
    context.say('The worker is ready. Ctrl-C lets it finish what is under way and ends it.');
    if (running.healthUrl) context.say(`Liveness: ${running.healthUrl}`);
    await running.stopped;
    return EXIT_CODES.ok.code;
  },
});

function addOptions(command: Command): void {
  command
    .option('--role <role>', 'run: everything but analysis; analyze: the lanes (default: both)', wordsOf(WORKER_ROLES))
    .option('--lane <lane>', 'lane to work for; repeatable (default: all)', repeated)
    .option('--health-port <port>', 'serve /livez on this port of 127.0.0.1', wholeNumber(1, 65_535));
}

async function checkLanes(wanted: readonly string[], settings: Settings): Promise<void> {
  const { lanesOf, SERVICE_LANES } = await import('../../workers/lanes.ts');
  const lanes = lanesOf(settings);
  const missing = wanted.find((lane) => !lanes.includes(lane));
  if (missing === undefined) return;
  if (SERVICE_LANES.some((lane) => lane === missing)) {
    const fix = missing === 'gemini' ? 'GEMINI_API_KEY or GOOGLE_CLOUD_PROJECT' : 'GOOGLE_CLOUD_PROJECT';
    throw usageError(`A worker needs credentials for the lane ${missing}.`, `Set ${fix}; docs/settings.md says more.`);
  }
  throw usageError(`There is no lane ${missing}.`, `Lanes: ${lanes.join(', ')}`);
}
