import fc from 'fast-check';
import type { Filter, FilterColumn, FilterValue, ResultColumn } from '../../contracts/filter.ts';

/** Any filter over these columns that a person could write. */
export function arbitraryFilter(
  columns: readonly ResultColumn[],
  texts: fc.Arbitrary<string>,
  numbers: fc.Arbitrary<number>,
  keys: fc.Arbitrary<string>,
): fc.Arbitrary<Filter> {
  const condition = fc
    .constantFrom(...columns)
    .chain(({ name, type, values }) =>
      type === 'attributes'
        ? keys.chain((key) => conditionOn({ name, type, key }, fc.oneof(texts, numbers.filter(isExact)), undefined))
        : conditionOn({ name, type }, valueOf(type, texts, numbers), values),
    );
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      condition,
      tie('filter').map((filter) => ({ kind: 'not' as const, filter })),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('filter'), { minLength: 2, maxLength: 3 }))
        .map(([kind, filters]) => ({ kind, filters })),
    ),
  })).filter;
}

/** Longer whole numbers are refused for attributes. */
function isExact(number: number): boolean {
  return !Number.isInteger(number) || Number.isSafeInteger(number);
}

function valueOf(
  type: ResultColumn['type'],
  texts: fc.Arbitrary<string>,
  numbers: fc.Arbitrary<number>,
): fc.Arbitrary<FilterValue> {
  switch (type) {
    case 'number':
      return numbers;
    case 'boolean':
      return fc.boolean();
    case 'time':
      return fc.integer({ min: -5, max: 5 }).map((days) => new Date(Date.UTC(2026, 10, 10 + days)).toISOString());
    case 'text':
    case 'texts':
    case 'attributes':
      return texts;
  }
}

const EQUAL = ['='] as const;
const ORDER = ['<', '<=', '>', '>='] as const;
const CONTAINS = ['~'] as const;
const OPERATORS = {
  text: [...EQUAL, ...ORDER, ...CONTAINS],
  number: [...EQUAL, ...ORDER],
  boolean: EQUAL,
  time: [...EQUAL, ...ORDER],
  texts: [...EQUAL, ...CONTAINS],
  attributes: [...EQUAL, ...ORDER, ...CONTAINS],
} as const;

function conditionOn(
  column: FilterColumn,
  value: fc.Arbitrary<FilterValue>,
  known: readonly string[] | undefined,
): fc.Arbitrary<Filter> {
  const exact = known ? fc.constantFrom(...known) : value;
  return fc.oneof(
    fc.constant<Filter>({ kind: 'null', column }),
    fc.array(exact, { minLength: 1, maxLength: 3 }).map((values): Filter => ({ kind: 'in', column, values })),
    fc.constantFrom(...OPERATORS[column.type]).chain((operator) => {
      const right = operator === '~' ? value.filter((each) => typeof each === 'string') : exact;
      return right.map((each): Filter => ({ kind: 'compare', column, operator, value: each }));
    }),
  );
}
