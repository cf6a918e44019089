/** A text for GoogleSQL, whatever it holds. */
export function sqlText(value: string): string {
  const escaped = value.replace(/[\\'"\p{Cc}\u2028\u2029]/gu, (sign) => {
    if (sign === '\\' || sign === "'" || sign === '"') return `\\${sign}`;
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `'${escaped}'`;
}

/** The name of a table or column; a backtick in it would end it. */
export function sqlName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

/** A moment, ISO 8601. Throws `RangeError` for anything else. */
export function sqlTime(iso: string): string {
  return `TIMESTAMP ${sqlText(new Date(iso).toISOString())}`;
}

/** Throws `RangeError` for what is no finite number. */
export function sqlNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no number for GoogleSQL`);
  return String(value);
}
