import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { laneQueue, RUN_QUEUE } from '../../contracts/queues.ts';
import { SETTINGS } from '../../config/settings.ts';
import { RUN_WORKER_OPTIONS, workerOptions } from '../../workers/create-workers.ts';
import { LOCAL_LANES } from '../../workers/lanes.ts';
import { createLogger, installRuntime } from '../../workers/start-worker.ts';
import { bareActivities } from './activities.ts';

/** A worker process with the options of Sightline's own, without its interceptors, stores and ledger. */
const logger = createLogger('info');
installRuntime(logger);
const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? 'localhost:7233' });
const common = { connection, namespace: 'default', ...workerOptions(SETTINGS.graceMs.default) };

const workers = [
  await Worker.create({
    ...common,
    ...RUN_WORKER_OPTIONS,
    taskQueue: RUN_QUEUE,
    workflowsPath: fileURLToPath(new URL('workflows.ts', import.meta.url)),
    // Polled as in a worker of Sightline, although nothing comes.
    activities: bareActivities,
  }),
];
for (const lane of LOCAL_LANES) {
  const slots = lane === 'local' ? SETTINGS.localSlots.default : SETTINGS.laneSlots.default;
  workers.push(
    await Worker.create({
      ...common,
      taskQueue: laneQueue(lane),
      activities: bareActivities,
      maxConcurrentActivityTaskExecutions: slots,
    }),
  );
}
const running = workers.map((worker) => worker.run());
process.once('SIGTERM', () => {
  for (const worker of workers) worker.shutdown();
});
logger.info('worker is polling');
await Promise.all(running);
await connection.close();
