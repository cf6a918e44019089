import type { BenchmarkOptions } from '../measurement.ts';
import { bare, sightline } from './contenders.ts';
import { runTrial, type Trial } from './run-trial.ts';

export interface Pair {
  readonly sightline: Trial;
  readonly bare: Trial;
}

/** Runs both one after the other, `count` times; who begins alternates, so that a machine that gets slower favours nobody. */
export async function runPairs(count: number, assets: number, options: BenchmarkOptions): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let index = 0; index < count; index += 1) {
    const ours = index % 2 === 0 ? await runTrial(sightline, assets, options) : undefined;
    const theirs = await runTrial(bare, assets, options);
    const pair = { sightline: ours ?? (await runTrial(sightline, assets, options)), bare: theirs };
    pairs.push(pair);
    const [a, b] = [pair.sightline, pair.bare].map(assetsPerSecond);
    options.say(
      `${assets} assets, pair ${index + 1} of ${count}: ${a?.toFixed(0)} assets/s, bare ${b?.toFixed(0)} assets/s`,
    );
  }
  return pairs;
}

export function assetsPerSecond({ assets, wallMs }: Trial): number {
  return (assets * 1000) / wallMs;
}

/** Processor time of the worker per asset, in ms. */
export function workerCpuPerAsset({ workerCpuMs, assets }: Trial): number {
  return workerCpuMs / assets;
}

/** Processor time of the Temporal server per asset, in ms. */
export function serverCpuPerAsset({ serverCpuMs, assets }: Trial): number {
  return serverCpuMs / assets;
}
