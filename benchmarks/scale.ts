import { measure } from './measure.ts';
import type { Benchmark, Measurement } from './measurement.ts';
import { overheadOf } from './overhead.ts';
import { runPairs, serverCpuPerAsset, workerCpuPerAsset, type Pair } from './fan-out/run-pairs.ts';
import type { Trial } from './fan-out/run-trial.ts';
import { deviation, median } from './statistics.ts';

interface Size {
  readonly assets: number;
  readonly pairs: number;
}

const SIZES: readonly Size[] = [
  { assets: 1_000, pairs: 5 },
  { assets: 10_000, pairs: 3 },
  { assets: 100_000, pairs: 1 },
];
const QUICK_SIZES: readonly Size[] = [
  { assets: 500, pairs: 1 },
  { assets: 2_000, pairs: 1 },
];

/** Whether an asset costs the same in a large run as in a small one. */
export const scale: Benchmark = {
  name: 'scale',
  title: 'Cost per asset from 1,000 to 100,000 assets',
  method: `The trials of \`overhead\` at three sizes. \`ratio-drift\` and \`cost-drift\` say how far the sizes lie from the one in the
middle, relative to it: the throughput ratio to the bare fan-out, and Sightline's own processor time per asset (worker and
server). \`memory-growth\` is the worker's resident memory in the last quarter of the longest run relative to its second
quarter.`,
  bars: [
    { measurement: 'scale/ratio-drift', of: 'value', atMost: 0.1 },
    { measurement: 'scale/cost-drift', of: 'value', atMost: 0.1 },
    { measurement: 'scale/memory-growth', of: 'value', atMost: 1.1 },
  ],
  async run(options) {
    const found: Measurement[] = [];
    const perSize: Pair[][] = [];
    for (const { assets, pairs } of options.quick ? QUICK_SIZES : SIZES) {
      const results = await runPairs(pairs, assets, options);
      perSize.push([...results]);
      found.push(...overheadOf(`scale/${assets}`, results).slice(0, 4));
    }
    const throughputRatios = perSize.map((pairs) => median(pairs.map(ratioOf)));
    const costs = perSize.map((pairs) => median(pairs.map(({ sightline }) => cpuPerAsset(sightline))));
    return [
      ...found,
      measure('scale/ratio-drift', 'share', [drift(throughputRatios)]),
      measure('scale/cost-drift', 'share', [drift(costs)]),
      measure(
        'scale/memory-growth',
        'times',
        (perSize.at(-1) ?? []).map(({ sightline }) => growth(sightline.rssMb)),
      ),
    ];
  },
};

function ratioOf({ sightline, bare }: Pair): number {
  return bare.wallMs / sightline.wallMs;
}

function cpuPerAsset(trial: Trial): number {
  return workerCpuPerAsset(trial) + serverCpuPerAsset(trial);
}

function drift(values: readonly number[]): number {
  return deviation(values, values[1] ?? Number.NaN);
}

function growth(rssMb: readonly number[]): number {
  const quarter = Math.max(1, Math.floor(rssMb.length / 4));
  return median(rssMb.slice(-quarter)) / median(rssMb.slice(quarter, 2 * quarter));
}
