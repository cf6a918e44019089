import { failureRule, isFailureName } from '../../../contracts/failures.ts';
import type { ManifestRef } from '../../../contracts/run.ts';
import type { ResultSummary } from '../../../stores/ports.ts';
import { hasEnded } from '../../../client/run-view.ts';
import type { Decision, Standing } from '../report-data.ts';
import { countOf } from '../../output/numbers.ts';
import { rejectsCommand } from '../../output/source-text.ts';

/** What to fix first: what holds or ended the run, else the cause that costs most answers, else nothing. */
export function fixFirst(
  run: Standing,
  summary: ResultSummary,
  { rejected, rejects }: Pick<ManifestRef, 'rejected' | 'rejects'>,
): Decision {
  const question = 'What to fix first?';
  if (run.failure) {
    const { sentence, hint } = failureRule(run.failure.name);
    return {
      question,
      tone: 'bad',
      answer: `Fix first: ${run.failure.name}. ${sentence}`,
      details: [run.failure.message, hint],
    };
  }
  const held = heldBy(run);
  if (held !== null) return { question, tone: 'watch', ...held };
  const [worst] = summary.failures;
  if (worst && worst.rows >= rejected) {
    return { question, tone: 'bad', ...fixCause(worst.name, worst.rows, summary.failures.length - 1) };
  }
  if (rejected > 0) {
    const command = rejectsCommand({ rejects });
    const answer = `Fix first: ${countOf(rejected, 'entry', 'entries')} of the source that became no asset.`;
    return {
      question,
      tone: 'watch',
      answer,
      details: [
        rejects === null
          ? NEEDED
          : command !== null
            ? `Look at them with ${command}, and mend the source.`
            : `Copy ${rejects} beside the source, mend them there, and start a run with the copy.`,
      ],
    };
  }
  const left = run.total - summary.rows;
  if (left > 0 && hasEnded(run.state)) {
    const answer = `Nothing failed, but ${countOf(left, 'asset')} ${left === 1 ? 'was' : 'were'} not looked at.`;
    return { question, tone: 'watch', answer, details: ['Start a run for the rest.'] };
  }
  const answer = left > 0 ? 'Nothing so far.' : 'Nothing: no asset failed.';
  return { question, tone: left > 0 ? 'open' : 'good', answer, details: [] };
}

const NEEDED = 'Each asset needs an id of its own, and an image.';

function heldBy({ state, reasons }: Standing): Pick<Decision, 'answer' | 'details'> | null {
  if (state !== 'paused' && state !== 'pausing') return null;
  const why = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
  return { answer: `Fix first: the run is ${state}${why}.`, details: ['Nothing new starts before it is resumed.'] };
}

function fixCause(name: string, rows: number, others: number): Pick<Decision, 'answer' | 'details'> {
  const more = others === 0 ? [] : [`${countOf(others, 'other cause')} below, with no more assets.`];
  const count = countOf(rows, 'asset');
  if (!isFailureName(name)) return { answer: `Fix first: ${name}, ${count}.`, details: more };
  const { sentence, hint } = failureRule(name);
  return { answer: `Fix first: ${name}, ${count}. ${sentence}`, details: [hint, ...more] };
}
