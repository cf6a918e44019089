/** Three significant digits below a hundred, whole numbers above, `unknown` where nothing could be measured. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'unknown';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}
