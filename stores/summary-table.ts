import type { PromptField } from '../contracts/prompt.ts';

/** Rows of results that can be asked for what they add up to. */
export interface SummaryTable {
  /** What stands behind `FROM`. */
  readonly source: string;
  readonly words: SummaryWords;
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** How a database says what summaries ask; arguments are expressions unless they are called otherwise. */
export interface SummaryWords {
  column(name: string): string;
  asDouble(number: string): string;
  /** How many entries a list has. */
  entries(list: string): string;
  /** Whether the column of a field has a value. */
  filled(field: PromptField): string;
  /** Row numbers of the rows that come first by some columns, at most `count`, as an aggregate. */
  first(columns: readonly string[], count: number): string;
  last(columns: readonly string[], count: number): string;
  /** A statement that gives the `median` of the column `value`; not exact it takes little memory. */
  median(source: string, exact: boolean): string;
  /** A statement that gives `name`, `row_number` and `row_key` for each different text of a row, cut to 200 characters. */
  eachWord(source: string, field: PromptField): string;
}
