import type { RunView } from '../client/run-view.ts';

/** Every exit code and what it means; scripts rely on them. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'fine' },
  unexpected: { code: 1, meaning: 'something unexpected happened' },
  usage: { code: 2, meaning: 'wrong usage or configuration; nothing was started' },
  someFailed: { code: 3, meaning: 'completed, but some assets have no answer (failed, blocked or skipped)' },
  notSignedIn: { code: 4, meaning: 'not signed in' },
  pausedByBudget: { code: 5, meaning: 'paused by its budget' },
  timedOut: { code: 6, meaning: 'the wait ended first; the run goes on, or stays paused' },
  noServer: { code: 7, meaning: 'no Temporal server, or no worker' },
  refused: { code: 8, meaning: 'refused: a run with this id exists' },
  cancelled: { code: 9, meaning: 'the run was cancelled' },
  runFailed: { code: 10, meaning: 'the run failed' },
  interrupted: { code: 130, meaning: 'left by Ctrl-C; the run goes on, or stays paused' },
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES]['code'];

/** How a command ends that waited for a run, by where the run stands then. */
export function exitCodeOf(view: Pick<RunView, 'state' | 'counts' | 'reasons' | 'failure'>): ExitCode {
  switch (view.state) {
    case 'completed': {
      const { failed, blocked, skipped } = view.counts;
      return failed + blocked + skipped > 0 ? EXIT_CODES.someFailed.code : EXIT_CODES.ok.code;
    }
    case 'cancelled':
      return EXIT_CODES.cancelled.code;
    case 'failed':
      return view.failure?.name === 'RunExists' ? EXIT_CODES.refused.code : EXIT_CODES.runFailed.code;
    case 'terminated':
      return EXIT_CODES.runFailed.code;
    case 'paused':
      return view.reasons.includes('budget') ? EXIT_CODES.pausedByBudget.code : EXIT_CODES.timedOut.code;
    case 'preparing':
    case 'running':
    case 'pausing':
    case 'verifying':
    case 'cancelling':
      return EXIT_CODES.timedOut.code;
  }
}

/** What `sightline help exit-codes` prints. */
export function exitCodesText({ json }: { readonly json?: boolean } = {}): string {
  if (json === true) return `${JSON.stringify(Object.values(EXIT_CODES), null, 2)}\n`;
  const lines = Object.values(EXIT_CODES).map(({ code, meaning }) => `${String(code).padStart(5)}  ${meaning}`);
  return ['Exit codes:', '', ...lines, ''].join('\n');
}
