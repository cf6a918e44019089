/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** How far the values lie apart, relative to their median: (largest - smallest) / median. 0 for one value, NaN of nothing. */
export function spread(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const range = Math.max(...values) - Math.min(...values);
  return range === 0 ? 0 : range / Math.abs(median(values));
}

/** Two equally long series, value by value: `a[i] / b[i]`. */
export function ratios(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length) throw new RangeError(`${a.length} values cannot be compared with ${b.length}`);
  return a.map((value, index) => value / (b[index] ?? Number.NaN));
}

/** Largest distance of a value from the reference, relative to it. */
export function deviation(values: readonly number[], reference: number): number {
  return Math.max(...values.map((value) => Math.abs(value / reference - 1)));
}
