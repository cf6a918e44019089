import type { Command } from 'commander';
import type { WorkerRole } from '../../workers/create-workers.ts';
import { usageError } from '../cli-error.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { openWorker } from '../open-worker.ts';
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
    if (lane) await checkLanes(lane);
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

async function checkLanes(lanes: readonly string[]): Promise<void> {
  const { LANES } = await import('../../workers/start-worker.ts');
  const known: readonly string[] = LANES;
  const unknown = lanes.find((lane) => !known.includes(lane));
  if (unknown !== undefined) throw usageError(`There is no lane ${unknown}.`, `Lanes: ${LANES.join(', ')}`);
}
