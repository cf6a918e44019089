import { formatCount } from '../../output/numbers.ts';

/** `21 %`; never 0 or 100 for what is neither nothing nor everything. */
export function shareOf(part: number, whole: number): string {
  const percent = (part / whole) * 100;
  if (part > 0 && percent < 1) return 'under 1 %';
  if (part < whole && percent > 99) return 'over 99 %';
  return `${Math.round(percent)} %`;
}

/** A measured number with four digits that count: `0.9579`, `1,204`, `0.00012`. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size < 1e-6 && size > 0)) return String(Number(value.toPrecision(4)));
  return Number.isInteger(value) ? formatCount(value) : value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}
