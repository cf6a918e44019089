import { failed, ok, type Result } from '../contracts/failures.ts';
import type { Filter, ResultColumn } from '../contracts/filter.ts';
import { parseCondition } from './parse-condition.ts';
import { ProblemInFilter } from './problem-in-filter.ts';
import { quoteToken, readTokens, type Token } from './read-tokens.ts';
import { createCursor, type TokenCursor } from './token-cursor.ts';

/** Longest text of a filter, in characters. */
export const MAX_FILTER_LENGTH = 4_000;
/** How deep parentheses and `not` may be nested. */
const MAX_DEPTH = 50;

/**
 * `sharpness < 0.2 and outcome = succeeded`: conditions over the columns of a run, joined by `and`, `or`, `not` and
 * parentheses; `not` binds most tightly, `or` least. What is wrong is `InvalidRequest`: the message says what and where, the
 * detail shows it with a caret below.
 */
export function parseFilter(text: string, columns: readonly ResultColumn[]): Result<Filter> {
  try {
    if (text.length > MAX_FILTER_LENGTH) {
      throw new ProblemInFilter(`it is longer than ${MAX_FILTER_LENGTH} characters`, { start: 0, end: 1 });
    }
    const cursor = createCursor(readTokens(text));
    const filter = parseOr({ cursor, columns, depth: 0 });
    const rest = cursor.next();
    if (rest.kind !== 'end') throw unexpectedAfter(rest);
    return ok(filter);
  } catch (error) {
    if (!(error instanceof ProblemInFilter)) throw error;
    const message = `The filter is wrong at character ${error.start + 1}: ${error.message}`;
    return failed('InvalidRequest', message, pointAt(text, error));
  }
}

interface Parsing {
  readonly cursor: TokenCursor;
  readonly columns: readonly ResultColumn[];
  readonly depth: number;
}

function parseOr(parsing: Parsing): Filter {
  return parseJoined('or', parsing, () => parseJoined('and', parsing, () => parseOne(parsing)));
}

function parseJoined(kind: 'and' | 'or', { cursor }: Parsing, parse: () => Filter): Filter {
  const first = parse();
  const others: Filter[] = [];
  while (cursor.takes(kind)) others.push(parse());
  return others.length === 0 ? first : { kind, filters: [first, ...others] };
}

function parseOne(outer: Parsing): Filter {
  const { cursor } = outer;
  const parsing = { ...outer, depth: outer.depth + 1 };
  const token = cursor.peek();
  if (parsing.depth > MAX_DEPTH) throw new ProblemInFilter(`it is nested more than ${MAX_DEPTH} deep`, token);
  if (cursor.takes('not')) return { kind: 'not', filter: parseOne(parsing) };
  if (token.kind !== '(') return parseCondition(cursor, parsing.columns);
  cursor.next();
  const filter = parseOr(parsing);
  const close = cursor.next();
  if (close.kind === ')') return filter;
  throw close.kind === 'end' ? new ProblemInFilter('this parenthesis is not closed', token) : unexpectedAfter(close);
}

function unexpectedAfter(token: Token): ProblemInFilter {
  if (token.kind === ')') return new ProblemInFilter('this parenthesis closes nothing', token);
  if (token.text === '&&' || token.text === '||') {
    return new ProblemInFilter(`write "${token.text === '&&' ? 'and' : 'or'}"`, token);
  }
  return new ProblemInFilter(
    `"and", "or" or the end is expected, not ${quoteToken(token)}; a text of several words needs quotes`,
    token,
  );
}

/** How much of a long filter is shown before and after what is wrong, in characters. */
const AROUND = 60;

/** The filter with carets below what is wrong. */
function pointAt(text: string, { start, end }: ProblemInFilter): string {
  const from = Math.max(0, start - AROUND);
  const shown = text.slice(from, start + AROUND).replace(/\s/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(end, start + AROUND) - start));
  return `${shown}\n${' '.repeat(start - from)}${carets}`;
}
