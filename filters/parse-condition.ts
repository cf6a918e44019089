import type { Filter, FilterColumn, FilterOperator, FilterValue, ResultColumn } from '../contracts/filter.ts';
import { findColumn } from './find-column.ts';
import { isKeyword } from './keywords.ts';
import { ProblemInFilter } from './problem-in-filter.ts';
import { quoteToken, type Token } from './read-tokens.ts';
import { readValue } from './read-value.ts';
import type { TokenCursor } from './token-cursor.ts';

/** One column and what is said about it. `!=`, `not in` and `is not null` are the opposites of what they deny, and no more. */
export function parseCondition(cursor: TokenCursor, columns: readonly ResultColumn[]): Filter {
  const token = cursor.next();
  if (token.kind !== 'text' && (token.kind !== 'word' || isKeyword(token.text))) {
    const found = token.kind === 'end' ? 'the filter ends here' : `not ${quoteToken(token)}`;
    throw new ProblemInFilter(`a column is expected, ${found}; for example: sharpness < 0.2`, token);
  }
  const column = findColumn(token, keyAfter(token, cursor), columns);
  if (cursor.takes('is')) return parseNull(cursor, column);
  if (cursor.takes('in')) return { kind: 'in', column, values: parseValues(cursor, column, columns) };
  if (cursor.takes('not')) {
    if (!cursor.takes('in')) throw new ProblemInFilter('"in" is expected after "not" here', cursor.peek());
    return { kind: 'not', filter: { kind: 'in', column, values: parseValues(cursor, column, columns) } };
  }
  return parseComparison(cursor, column, columns);
}

/** `attributes.'Street name'`: the key stands in quotes right after the dot. */
function keyAfter(token: Token, cursor: TokenCursor): Token | undefined {
  const key = cursor.peek();
  const isKey = token.kind === 'word' && token.text.endsWith('.') && key.kind === 'text' && key.start === token.end;
  return isKey ? cursor.next() : undefined;
}

function parseNull(cursor: TokenCursor, column: FilterColumn): Filter {
  const negated = cursor.takes('not');
  if (!cursor.takes('null')) throw new ProblemInFilter('"null" or "not null" is expected after "is"', cursor.peek());
  return negated ? { kind: 'not', filter: { kind: 'null', column } } : { kind: 'null', column };
}

function parseValues(
  cursor: TokenCursor,
  column: FilterColumn,
  columns: readonly ResultColumn[],
): readonly FilterValue[] {
  const open = cursor.next();
  if (open.kind !== '(') throw new ProblemInFilter('a list in parentheses is expected after "in"', open);
  const values: FilterValue[] = [];
  for (;;) {
    values.push(readValue(cursor.next(), column, columns));
    const after = cursor.next();
    if (after.kind === ')') return values;
    if (after.kind !== ',') throw new ProblemInFilter('"," or ")" is expected in a list', after);
  }
}

function parseComparison(cursor: TokenCursor, column: FilterColumn, columns: readonly ResultColumn[]): Filter {
  const token = cursor.next();
  if (token.kind !== 'operator') {
    const hint = column.type === 'boolean' ? `; for example: ${column.name} = true` : '';
    throw new ProblemInFilter(`an operator is expected after "${column.name}"${hint}`, token);
  }
  checkOperator(token, column);
  const value = readValue(cursor.next(), column, token.text === '~' ? [] : columns);
  if (token.text === '!=') {
    return { kind: 'not', filter: { kind: 'compare', column, operator: '=', value } };
  }
  return { kind: 'compare', column, operator: token.text as FilterOperator, value };
}

function checkOperator(token: Token, { name, type }: FilterColumn): void {
  const isEqual = token.text === '=' || token.text === '!=';
  const isText = type === 'text' || type === 'texts' || type === 'attributes';
  if (isEqual || (token.text === '~' ? isText : type !== 'boolean' && type !== 'texts')) return;
  const words = {
    text: 'a text',
    number: 'a number',
    boolean: 'true or false',
    time: 'a time',
    texts: 'a list of texts',
  };
  const is = type === 'attributes' ? 'an attribute' : words[type];
  const takes = type === 'boolean' ? '= and !=' : type === 'texts' ? '=, != and ~' : '=, !=, <, <=, > and >=';
  throw new ProblemInFilter(`"${name}" is ${is}, which takes ${takes}, not ${token.text}`, token);
}
