/**
 * `2026-05-04`, `2026-05-04 10:20`, `2026-05-04T10:20:30.5+02:00`, `04.05.2026 10:20` and the like as ISO 8601; everything else
 * is no time, least of all `5/4/2026`, which is two days.
 */
export function toIsoTime(text: string): string | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    withDayLast(text.trim()),
  );
  const [, date, minutes, seconds = ':00', zone = ''] = parts ?? [];
  if (date === undefined) return undefined;
  if (!exists(`${date}T${minutes ?? '00:00'}${seconds}Z`)) return undefined;
  if (minutes === undefined) return date;
  if (zone === '' || zone === 'Z') return `${date}T${minutes}${seconds}${zone}`;
  const iso = `${date}T${minutes}${seconds}${zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`;
  const exact = new Date(iso);
  // With its zone the time may lie outside the years that have four digits.
  return Number.isNaN(exact.getTime()) || !/^\d{4}-/.test(exact.toISOString()) ? undefined : iso;
}

/** `04.05.2026 10:20` to `2026-05-04 10:20`: with points the day comes first. */
function withDayLast(text: string): string {
  const parts = /^(\d{1,2})\.(\d{1,2})\.(\d{4})( \d{2}:\d{2}(?::\d{2})?)?$/.exec(text);
  const [, day = '', month = '', year = '', time = ''] = parts ?? [];
  return parts ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${time}` : text;
}

/** Whether there is such a day and time: Date rolls 31 February over to March, and 24:00 to the next day. */
function exists(utc: string): boolean {
  const moment = new Date(utc);
  return !Number.isNaN(moment.getTime()) && moment.getUTCDate() === Number(utc.slice(8, 10));
}
