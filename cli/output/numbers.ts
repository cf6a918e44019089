import type { Progress } from '../../contracts/run.ts';

/** `1,204` */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 asset`, `1,204 assets` */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `$5.61`; what is not known is said, never counted as 0. */
export function formatCost({ spentUsd, unknown }: Progress['cost']): string {
  const digits = spentUsd > 0 && spentUsd < 1 ? 4 : 2;
  const known = `$${spentUsd.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
  if (unknown === 0) return known;
  return spentUsd === 0 ? 'unknown' : `${known} and ${formatCount(unknown)} unknown`;
}

/** The same where nothing else says that it is the cost: `cost unknown`. */
export function costPhrase(cost: Progress['cost']): string {
  return cost.spentUsd === 0 && cost.unknown > 0 ? 'cost unknown' : formatCost(cost);
}

/** Percent that is 100 only when everything is done. */
export function formatPercent(done: number, total: number): string {
  if (total === 0) return '0 %';
  return `${Math.floor((done / total) * 100)} %`;
}
