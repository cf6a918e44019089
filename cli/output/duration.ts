/** `850 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** `28-33 min`, in the unit that suits the longer end: `40-55 s`, `2-3 h`, `less than 5 s`. */
export function formatRange({ low, high }: { readonly low: number; readonly high: number }): string {
  if (high <= 5) return 'less than 5 s';
  const [size, unit] = unitFor(high);
  const from = Math.floor(low / size);
  const to = Math.ceil(high / size);
  return from === to ? `${to} ${unit}` : `${from}-${to} ${unit}`;
}

/** `3 min ago`, `yesterday` is `1 d ago`. */
export function formatAgo(iso: string, nowMs: number): string {
  const ms = nowMs - Date.parse(iso);
  if (ms < 10_000) return 'just now';
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

function unitFor(seconds: number): readonly [size: number, unit: string] {
  if (seconds < 90) return [1, 's'];
  if (seconds < 5_400) return [60, 'min'];
  return seconds < 172_800 ? [3_600, 'h'] : [86_400, 'd'];
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
