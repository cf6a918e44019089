import { isClientError } from '../../client/client-errors.ts';
import type { QueueFacts, ServerFacts } from '../../client/inspect-server.ts';
import { RUN_QUEUE } from '../../contracts/queues.ts';
import { locateTemporalBinary } from '../temporal-server/locate-temporal.mjs';
import { reasonOf } from '../reason-of.ts';
import { fine, type Check } from './check.ts';

type Command = (words: string) => string;
type Environment = Readonly<Record<string, string | undefined>>;

/** The program that `dev` and `demo` start; who has a server of their own does not need it. */
export async function checkTemporalProgram(env: Environment): Promise<Check> {
  const name = 'temporal program';
  const found = await locateTemporalBinary(env);
  if (found.kind === 'binary') return fine(name, `${found.binary.version} (${found.binary.path})`);
  const unfit = found.unfit.length > 0 ? ` ${found.unfit.join('. ')}.` : '';
  return {
    name,
    state: 'warning',
    message: `It is not there; dev and demo get it at their first start.${unfit}`,
    fix: 'npm run setup',
  };
}

/** The server, and who works for it; `inspect` throws the errors of a client. */
export async function checkTemporalServer(
  address: string,
  inspect: () => Promise<ServerFacts>,
  command: Command,
): Promise<readonly Check[]> {
  const name = 'temporal server';
  try {
    const facts = await inspect();
    const server = fine(name, `${facts.version} at ${address}, namespace ${facts.namespace}`);
    return [server, ...facts.queues.map((queue) => judgeQueue(queue, command)), ...judgePartitions(facts.queues)];
  } catch (error) {
    if (isClientError(error) && error.code === 'NoTemporalServer') {
      return [{ name, state: 'missing', message: error.message, fix: command('dev') }];
    }
    return [{ name, state: 'problem', message: reasonOf(error), fix: command('config list --show-origin') }];
  }
}

function judgeQueue({ name, isPolled }: QueueFacts, command: Command): Check {
  const check = name === RUN_QUEUE ? 'worker for runs' : `worker for ${name.replace(/^.*-/, 'lane ')}`;
  if (isPolled) return fine(check, `asks the queue ${name} for work`);
  return { name: check, state: 'missing', message: `Nobody asks the queue ${name} for work.`, fix: command('worker') };
}

/** A rate holds for each part of a queue, so one part keeps it exactly. */
function judgePartitions(queues: readonly QueueFacts[]): readonly Check[] {
  const name = 'lanes';
  const split = queues.filter(({ partitions }) => partitions !== null && partitions > 1);
  if (split.length > 0) {
    return [
      {
        name,
        state: 'warning',
        message: `The server keeps ${split.map((queue) => `${queue.name} in ${queue.partitions} parts`).join(', ')}: rates are less even, and runs share lanes less fairly.`,
        fix: 'Set matching.numTaskqueueReadPartitions and matching.numTaskqueueWritePartitions to 1, and matching.enableFairness to true, in its dynamic configuration',
      },
    ];
  }
  if (queues.some(({ partitions }) => partitions === null))
    return [fine(name, 'the server does not tell how it keeps queues')];
  return [fine(name, 'one part each; whether matching.enableFairness is on, a server does not tell')];
}
