/** One thing that has to be right, as it was found. */
export interface Check {
  /** What was looked at, in a word or two. */
  readonly name: string;
  /** `problem`: nothing works before it is fixed; `missing`: a server or worker that is not running. */
  readonly state: 'ok' | 'warning' | 'problem' | 'missing';
  readonly message: string;
  /** What to type, or to do. */
  readonly fix?: string;
}

export function fine(name: string, message: string): Check {
  return { name, state: 'ok', message };
}
