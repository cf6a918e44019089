import { formatAgo } from './duration.ts';

/** What --time-format takes. `raw`: as it is stored, with milliseconds. */
export const TIME_FORMATS = ['relative', 'iso', 'raw'] as const;
/** `date` is what people get who ask for nothing: `2026-02-03 04:05:06 UTC`. */
export type TimeFormat = (typeof TIME_FORMATS)[number] | 'date';

/** A time that is given as ISO 8601 in UTC. */
export function formatTime(iso: string, format: TimeFormat, nowMs: number): string {
  switch (format) {
    case 'relative':
      return formatAgo(iso, nowMs);
    case 'iso':
      return `${iso.slice(0, 19)}Z`;
    case 'raw':
      return iso;
    case 'date':
      return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
  }
}
