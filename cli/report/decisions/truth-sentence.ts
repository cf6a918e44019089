import type { ResultSummary } from '../../../stores/ports.ts';
import { countOf, formatCount } from '../../output/numbers.ts';
import type { Standing } from '../report-data.ts';

/** One sentence that is true of the run at the moment of the report. */
export function truthSentence({ state, total, failure }: Standing, summary: ResultSummary): string {
  const { rows } = summary;
  const answered = summary.outcomes.find(({ name }) => name === 'succeeded')?.rows ?? 0;
  const so = `${formatCount(rows)} of ${countOf(total, 'asset')}`;
  switch (state) {
    case 'completed':
      if (rows === total && answered === rows) return `${allOf(rows)} an answer.`;
      return `${formatCount(answered)} of ${countOf(total, 'asset')} ${answered === 1 ? 'has' : 'have'} an answer; every asset has a row.`;
    case 'failed':
      return failure ? `The run failed (${failure.name}) with rows for ${so}.` : `The run failed with rows for ${so}.`;
    case 'cancelled':
      return `The run was cancelled with rows for ${so}; the rest was not looked at.`;
    case 'terminated':
      return `The run was ended from outside with rows for ${so}; the others have none.`;
    case 'paused':
    case 'pausing':
      return `The run is ${state} with rows for ${so}; what follows is true of these.`;
    case 'preparing':
    case 'running':
    case 'verifying':
    case 'cancelling':
      return `The run goes on: ${so} had a row when this page was made.`;
  }
}

function allOf(rows: number): string {
  return rows === 1 ? 'The one asset has' : `All ${formatCount(rows)} assets have`;
}
