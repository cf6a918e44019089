import type { FilterColumn, FilterValue, ResultColumn } from '../contracts/filter.ts';
import { didYouMean } from '../prompts/did-you-mean.ts';
import { isKeyword } from './keywords.ts';
import { ProblemInFilter } from './problem-in-filter.ts';
import type { Token } from './read-tokens.ts';

/**
 * The value that a column is compared with, in the type of the column. Throws `ProblemInFilter` for one that the column
 * cannot have: of another type, or none of its `values` where `columns` knows them.
 */
export function readValue(token: Token, column: FilterColumn, columns: readonly ResultColumn[]): FilterValue {
  if (token.kind !== 'text' && (token.kind !== 'word' || isKeyword(token.text))) throw noValue(token, column);
  switch (column.type) {
    case 'text':
    case 'texts':
      return checkKnown(token, columns.find(({ name }) => name === column.name)?.values);
    case 'number':
      return toNumber(token.text) ?? refuse(token, column, 'a number');
    case 'boolean':
      return toBoolean(token.text) ?? refuse(token, column, 'true or false');
    case 'time':
      return toTime(token.text) ?? refuse(token, column, 'a time such as 2026-11-21 or 2026-11-21T10:30:00Z');
    case 'attributes':
      return (token.kind === 'word' ? toExactNumber(token) : undefined) ?? token.text;
  }
}

/** A number as a filter may write it; it has to be one that a computer can hold. */
export const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

function toNumber(text: string): number | undefined {
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** Attributes may hold whole numbers of any length, and none of them should be taken for its neighbour. */
function toExactNumber(token: Token): number | undefined {
  const number = toNumber(token.text);
  if (number === undefined || !Number.isInteger(number) || Number.isSafeInteger(number)) return number;
  throw new ProblemInFilter(
    `whole numbers beyond ${Number.MAX_SAFE_INTEGER} cannot be compared exactly; in quotes it is compared as a text`,
    token,
  );
}

function toBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** A date is its first moment, a time without a zone is UTC. */
function toTime(text: string): string | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/i.exec(text);
  if (!parts) return undefined;
  const [, date = '', minutes = '00:00', seconds = ':00', zone = 'Z'] = parts;
  // A day that a month does not have would be taken as one of the next month.
  const day = new Date(`${date}T00:00:00Z`);
  const moment = new Date(`${date}T${minutes}${seconds}${zone.toUpperCase()}`);
  if (Number.isNaN(day.getTime()) || !day.toISOString().startsWith(date) || Number.isNaN(moment.getTime()))
    return undefined;
  return /^\d{4}-/.test(moment.toISOString()) ? moment.toISOString() : undefined;
}

function checkKnown(token: Token, values: readonly string[] | undefined): string {
  if (!values || values.includes(token.text)) return token.text;
  const meant = didYouMean(token.text, values);
  const hint = meant ? `did you mean "${meant}"?` : `there are ${values.join(', ')}`;
  throw new ProblemInFilter(`"${token.text.slice(0, 60)}" never occurs in this column; ${hint}`, token);
}

function noValue(token: Token, column: FilterColumn): ProblemInFilter {
  if (token.text.toLowerCase() === 'null') return new ProblemInFilter('write "is null" or "is not null"', token);
  if (token.kind === 'word') return new ProblemInFilter(`"${token.text}" as a text needs quotes`, token);
  return new ProblemInFilter(`a value for "${column.name}" is expected`, token);
}

function refuse(token: Token, column: FilterColumn, takes: string): never {
  throw new ProblemInFilter(`"${column.name}" takes ${takes}, not ${JSON.stringify(token.text.slice(0, 60))}`, token);
}
