/**
 * US dollars for queries on demand in the multi-region US, by Google's page "BigQuery pricing" since July 2023. Other regions and
 * reserved capacity differ.
 */
const USD_PER_TIB = 6.25;
const TIB = 2 ** 40;

/** Before the first TiB of a month, which costs nothing. */
export function queryCostUsd(bytes: number): number {
  return (bytes / TIB) * USD_PER_TIB;
}
