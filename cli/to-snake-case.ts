/** Keys below these are data (names of columns, failures, settings), not names of ours. */
const DATA_KEYS = new Set(['attributes', 'findings', 'failures', 'settings']);

/** The one place where JSON leaves camelCase: every key of ours becomes snake_case, at any depth. */
export function toSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSnakeCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, held]) => held !== undefined)
      .map(([key, held]) => [snake(key), DATA_KEYS.has(key) ? held : toSnakeCase(held)]),
  );
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
