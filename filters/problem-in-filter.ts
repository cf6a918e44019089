/** Something wrong in the text of a filter; `start` and `end` say where, in characters from 0. */
export class ProblemInFilter extends Error {
  override name = 'ProblemInFilter';
  readonly start: number;
  readonly end: number;

  constructor(message: string, { start, end }: { readonly start: number; readonly end: number }) {
    super(message);
    this.start = start;
    this.end = end;
  }
}
