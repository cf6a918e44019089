import type { ResolvedRequest } from '../../contracts/run.ts';

/** `answered by offline`; answers that nobody really gave look real, so that is said. */
export function answererText({ kind, model }: Pick<ResolvedRequest['analyzer'], 'kind' | 'model'>): string {
  if (kind === 'noop') return 'answered by noop: its answers are made up, for tests';
  return `answered by ${kind}${model === kind ? '' : ` (${model})`}`;
}
