import { seededRandom } from '../seeded-random.ts';

export interface Latency {
  readonly medianMs: number;
  /** Standard deviation of the logarithm: 0 is always the median, 0.4 is usual for a model. Default 0. */
  readonly spread?: number;
}

/** How long one call takes, log-normal; the same words give the same time. */
export function latencyMs({ medianMs, spread = 0 }: Latency, ...words: readonly (string | number)[]): number {
  const random = seededRandom('latency', ...words);
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return medianMs * Math.exp(spread * normal);
}
