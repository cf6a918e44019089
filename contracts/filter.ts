/** What a column of the results holds, as far as a filter has to know; `attributes` is a column of any number of values, by key. */
export type ColumnType = 'text' | 'number' | 'boolean' | 'time' | 'texts' | 'attributes';

/** A column that a filter may name. */
export interface ResultColumn {
  /** `sharpness`; a part of a larger column is `location.latitude`. */
  readonly name: string;
  readonly type: ColumnType;
  /** Every value that can occur, where that is known. */
  readonly values?: readonly string[];
}

/** A column as a filter names it. */
export interface FilterColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Which of the `attributes`. */
  readonly key?: string;
}

/** `~` is "contains", whatever the case of the letters. */
export type FilterOperator = '=' | '<' | '<=' | '>' | '>=' | '~';

/** Of the type of the column; times are UTC in ISO 8601; an attribute is compared as what the filter gives: number or text. */
export type FilterValue = string | number | boolean;

/**
 * Chooses rows. Each filter is true or false for each row, never unknown: a column without a value fits no comparison, so
 * `not` chooses exactly the other rows. A list fits when one of its entries does.
 */
export type Filter =
  | {
      readonly kind: 'compare';
      readonly column: FilterColumn;
      readonly operator: FilterOperator;
      readonly value: FilterValue;
    }
  /** Equal to one of the values; there is at least one. */
  | { readonly kind: 'in'; readonly column: FilterColumn; readonly values: readonly FilterValue[] }
  /** Without a value. */
  | { readonly kind: 'null'; readonly column: FilterColumn }
  | { readonly kind: 'not'; readonly filter: Filter }
  /** Of two or more. */
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] };
