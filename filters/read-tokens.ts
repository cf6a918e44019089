import { ProblemInFilter } from './problem-in-filter.ts';

/** A piece of a filter: `word` is bare, `text` was in quotes, `end` is what follows the last piece. */
export interface Token {
  readonly kind: 'word' | 'text' | 'operator' | '(' | ')' | ',' | 'end';
  /** Without quotes. */
  readonly text: string;
  /** In characters from 0. */
  readonly start: number;
  readonly end: number;
}

/** Cuts a filter into its pieces. Throws `ProblemInFilter` for a quote that is not closed and for an operator that does not exist. */
export function readTokens(filter: string): readonly [Token, ...Token[]] {
  const tokens: Token[] = [];
  let start = skipSpace(filter, 0);
  while (start < filter.length) {
    const token = readToken(filter, start);
    tokens.push(token);
    start = skipSpace(filter, token.end);
  }
  const end: Token = { kind: 'end', text: '', start: filter.length, end: filter.length };
  const [first = end, ...rest] = tokens;
  return first === end ? [end] : [first, ...rest, end];
}

/** As a message shows it. */
export function quoteToken({ text }: Token): string {
  return JSON.stringify(text.slice(0, 40));
}

/** What a bare word is made of: everything that means nothing else. */
const WORD = /[^\s'"(),=!<>~]+/y;
const OPERATOR = /[=!<>~]+/y;
const OPERATORS: readonly string[] = ['=', '!=', '<', '<=', '>', '>=', '~'];
/** What people type who know other languages. */
const MEANT: Readonly<Record<string, string>> = {
  '==': '=',
  '===': '=',
  '<>': '!=',
  '=<': '<=',
  '=>': '>=',
  '=~': '~',
};

function readToken(filter: string, start: number): Token {
  const first = filter.charAt(start);
  if (first === '(' || first === ')' || first === ',') return { kind: first, text: first, start, end: start + 1 };
  if (first === "'" || first === '"') return readText(filter, start, first);
  const operator = match(OPERATOR, filter, start);
  if (operator === undefined) {
    const text = match(WORD, filter, start) ?? first;
    return { kind: 'word', text, start, end: start + text.length };
  }
  const token: Token = { kind: 'operator', text: operator, start, end: start + operator.length };
  if (OPERATORS.includes(operator)) return token;
  const meant = MEANT[operator];
  const hint = meant ? `write "${meant}"` : `there are ${OPERATORS.join(' ')}`;
  throw new ProblemInFilter(`there is no operator "${operator.slice(0, 20)}"; ${hint}`, token);
}

/** A quote inside is written twice. */
function readText(filter: string, start: number, quote: string): Token {
  let text = '';
  for (let at = start + 1; at < filter.length; at++) {
    if (filter.charAt(at) !== quote) text += filter.charAt(at);
    else if (filter.charAt(at + 1) === quote) {
      text += quote;
      at++;
    } else return { kind: 'text', text, start, end: at + 1 };
  }
  throw new ProblemInFilter(`the quote ${quote} is not closed; close it, or double it inside a text`, {
    start,
    end: filter.length,
  });
}

function skipSpace(filter: string, start: number): number {
  return start + (match(/\s+/y, filter, start)?.length ?? 0);
}

function match(pattern: RegExp, text: string, start: number): string | undefined {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0];
}
