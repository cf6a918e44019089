import type { Measurement } from './measurement.ts';
import { median, ratios, spread } from './statistics.ts';

/** Values without a counterpart. */
export function measure(name: string, unit: string, values: readonly number[]): Measurement {
  return { name, value: median(values), unit, ratio: null, spread: spread(values) };
}

/** Values beside those of the counterpart, in pairs. */
export function compare(
  name: string,
  unit: string,
  values: readonly number[],
  counterparts: readonly number[],
): Measurement {
  const each = ratios(values, counterparts);
  return { name, value: median(values), unit, ratio: median(each), spread: spread(each) };
}
