/** `2026-05-04`, `2026-05-04 10:20`, `2026-05-04T10:20:30.5+02:00` and the like as ISO 8601; everything else is no time. */
export function toIsoTime(text: string): string | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    text.trim(),
  );
  const [, date, minutes, seconds = ':00', zone = ''] = parts ?? [];
  if (date === undefined) return undefined;
  const moment = new Date(`${date}T${minutes ?? '00:00'}Z`);
  if (Number.isNaN(moment.getTime()) || !moment.toISOString().startsWith(date)) return undefined;
  if (minutes === undefined) return date;
  const iso = `${date}T${minutes}${seconds}${zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`;
  const exact = new Date(iso);
  // With its zone the time may lie outside the years that have four digits.
  return Number.isNaN(exact.getTime()) || !/^\d{4}-/.test(exact.toISOString()) ? undefined : iso;
}
