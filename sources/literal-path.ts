/** A path for DuckDB, in which signs that would stand for many files stand for themselves. */
export function literalPath(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}
