const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'is', 'null']);

/** Words that mean something in a filter, in any case of letters; as a column or text they stand in quotes. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word.toLowerCase());
}
