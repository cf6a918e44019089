import { compare } from './measure.ts';
import type { Benchmark, Measurement } from './measurement.ts';
import { assetsPerSecond, runPairs, serverCpuPerAsset, workerCpuPerAsset, type Pair } from './fan-out/run-pairs.ts';
import type { Trial } from './fan-out/run-trial.ts';

/** What durability, rows and books cost over Temporal alone. */
export const overhead: Benchmark = {
  name: 'overhead',
  title: 'Overhead over a bare Temporal fan-out',
  method: `A run of Sightline over a CSV with the \`noop\` analyzer, against the fan-out in \`benchmarks/bare/\`: the same number of
children in the same sliding window, one activity per asset on a lane queue of its own with as many in flight, input and
output of the same size, the same timeouts, heartbeats, retries, priorities and worker options; but no manifest, no rows, no
books, no messages, and each answer goes back at once, where Sightline sends those of the same 200 ms together. The time is that of the whole run, from its start to its result: freezing the source, rolling up and
verifying included. Each trial has a new Temporal development server (SQLite file) and a new worker process, warmed up by
three runs of 1,000 assets; trials alternate, and each pair gives one ratio.`,
  bars: [{ measurement: 'overhead/throughput', of: 'ratio', atLeast: 0.85 }],
  async run(options) {
    const pairs = options.quick ? await runPairs(1, 1_000, options) : await runPairs(5, 4_000, options);
    return overheadOf('overhead', pairs);
  },
};

export function overheadOf(prefix: string, pairs: readonly Pair[]): readonly Measurement[] {
  const both = (what: string, unit: string, of: (trial: Trial) => number): Measurement =>
    compare(
      `${prefix}/${what}`,
      unit,
      pairs.map((pair) => of(pair.sightline)),
      pairs.map((pair) => of(pair.bare)),
    );
  return [
    both('throughput', 'assets/s', assetsPerSecond),
    both('worker-cpu', 'ms/asset', workerCpuPerAsset),
    both('server-cpu', 'ms/asset', serverCpuPerAsset),
    both('worker-memory', 'MB', ({ rssMb }) => Math.max(...rssMb)),
    both('events', 'events/asset', ({ facts }) => facts.eventsPerAsset),
    both('workflow-tasks', 'tasks/asset', ({ facts }) => facts.workflowTasksPerAsset),
    both('input', 'bytes', ({ facts }) => facts.inputBytes),
    both('output', 'bytes', ({ facts }) => facts.outputBytes),
  ];
}
