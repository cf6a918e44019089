/** Throws `RangeError` unless it is a number of rows that a query may ask for. */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw new RangeError(`limit is 1 to 10,000, not ${limit}.`);
}
