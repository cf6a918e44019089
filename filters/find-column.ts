import type { FilterColumn, ResultColumn } from '../contracts/filter.ts';
import { didYouMean } from '../prompts/did-you-mean.ts';
import { ProblemInFilter } from './problem-in-filter.ts';
import type { Token } from './read-tokens.ts';

/**
 * The column that a filter names; `key` is the attribute when it stood in quotes. Throws `ProblemInFilter` for a column that
 * the run has not.
 */
export function findColumn(token: Token, key: Token | undefined, columns: readonly ResultColumn[]): FilterColumn {
  const place = { start: token.start, end: (key ?? token).end };
  const exact = key === undefined ? columns.find(({ name }) => name === token.text) : undefined;
  if (exact && exact.type !== 'attributes') return { name: exact.name, type: exact.type };
  const whole = columns.find(({ name, type }) => type === 'attributes' && token.text.startsWith(`${name}.`));
  if (whole) {
    const attribute = key?.text ?? token.text.slice(whole.name.length + 1);
    // A quoted key stands right after the first dot.
    if (attribute !== '' && (key === undefined || token.text === `${whole.name}.`)) {
      return { name: whole.name, type: whole.type, key: attribute };
    }
  }
  if (exact || whole) {
    const name = (exact ?? whole)?.name ?? '';
    throw new ProblemInFilter(`say which attribute: ${name}.street, or ${name}.'Street name'`, place);
  }
  const names = columns.map(({ name }) => name);
  const meant = didYouMean(token.text, names) ?? names.find((name) => name.startsWith(`${token.text}.`));
  const hint = meant ? `did you mean "${meant}"?` : `there are ${names.join(', ')}`;
  throw new ProblemInFilter(`there is no column "${token.text.slice(0, 60)}"; ${hint}`, place);
}
