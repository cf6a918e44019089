import { failureRule, isFailureName } from '../../../contracts/failures.ts';
import type { ResultSummary } from '../../../stores/ports.ts';
import { countOf, formatCount } from '../../output/numbers.ts';
import type { Decision } from '../report-data.ts';

/** Above this share of assets that cannot be looked at a source is in bad shape. */
const BAD_SHARE = 0.2;

/** Is the source usable? What could not be read is counted by cause; `rejected` entries became no asset at all. */
export function judgeSource(summary: ResultSummary, rejected: number): Decision {
  const question = 'Is the source usable?';
  const { rows } = summary;
  const details = rejected === 0 ? [] : [`${countOf(rejected, 'entry', 'entries')} of the source became no asset.`];
  if (rows === 0) return { question, tone: 'open', answer: 'No asset has been looked at yet.', details };
  const causes = summary.failures.filter(({ name }) => isFailureName(name) && failureRule(name).owner === 'source');
  const bad = causes.reduce((sum, cause) => sum + cause.rows, 0);
  const hidden = summary.outcomes.find(({ name }) => name === 'not_visible')?.rows ?? 0;
  if (hidden > 0) details.push(`${formatCount(hidden)} of ${countOf(rows, 'asset')} do not show what was asked for.`);
  const isFine = rejected === 0 && hidden * 2 < rows;
  if (bad === 0) {
    return { question, tone: isFine ? 'good' : 'watch', answer: allReadable(rows), details };
  }
  const [only] = causes;
  const named =
    causes.length === 1 && only
      ? only.name
      : causes.map((cause) => `${cause.name} ${formatCount(cause.rows)}`).join(', ');
  return {
    question,
    tone: bad > rows * BAD_SHARE ? 'bad' : 'watch',
    answer: `${formatCount(bad)} of ${countOf(rows, 'asset')} could not be read: ${named}.`,
    details,
  };
}

function allReadable(rows: number): string {
  return rows === 1 ? 'The one asset could be read.' : `All ${formatCount(rows)} assets could be read.`;
}
