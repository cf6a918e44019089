import type { Token } from './read-tokens.ts';

/** Walks over the pieces of a filter; stays at the last one, which is the end. */
export interface TokenCursor {
  readonly peek: () => Token;
  readonly next: () => Token;
  /** Takes the next piece when it is this keyword. */
  readonly takes: (keyword: string) => boolean;
}

export function createCursor(tokens: readonly [Token, ...Token[]]): TokenCursor {
  let at = 0;
  const peek = (): Token => tokens[Math.min(at, tokens.length - 1)] ?? tokens[0];
  const next = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  return {
    peek,
    next,
    takes(keyword) {
      const isNext = peek().kind === 'word' && peek().text.toLowerCase() === keyword;
      if (isNext) at += 1;
      return isNext;
    },
  };
}
