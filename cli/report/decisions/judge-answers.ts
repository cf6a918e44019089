import type { PromptField } from '../../../contracts/prompt.ts';
import type { FieldSummary, NumberSummary, ResultSummary, WordSummary } from '../../../stores/ports.ts';
import { countOf, formatCount } from '../../output/numbers.ts';
import type { Decision } from '../report-data.ts';
import { formatValue, shareOf } from './words.ts';

/** Something about the answers that a person should compare with the pictures. */
export interface Observation {
  readonly text: string;
  /** How odd it is: 3 can hardly be right, 2 looks odd, 1 is worth a look. */
  readonly weight: 1 | 2 | 3;
}

/** Fewer answers than this say nothing about what is odd. */
const ENOUGH = 5;
const SHOWN = 3;

/** Are the answers plausible? What is odd about them comes first, at most three sentences. */
export function judgeAnswers(summary: ResultSummary, fields: readonly PromptField[]): Decision {
  const question = 'Are the answers plausible?';
  const answered = summary.outcomes.find(({ name }) => name === 'succeeded')?.rows ?? 0;
  if (answered === 0) return { question, tone: 'open', answer: 'There is no answer to judge.', details: [] };
  const observed = [...observeVersions(summary.models), ...observeAnswers(summary.fields, fields, answered)].toSorted(
    (a, b) => b.weight - a.weight,
  );
  const [first, ...others] = observed.slice(0, SHOWN).map(({ text }) => text);
  const few = answered < ENOUGH ? [`${countOf(answered, 'answer')} is too little to see a pattern.`] : [];
  const heaviest = observed[0]?.weight ?? 0;
  return {
    question,
    tone: answered < ENOUGH ? 'open' : heaviest === 3 ? 'bad' : heaviest === 2 ? 'watch' : 'good',
    answer: first ?? `Nothing stands out in ${countOf(answered, 'answer')}.`,
    details: [...others, ...few, 'Compare them with the pictures below.'],
  };
}

/** A provider may replace a model in the middle of a run; then its answers are not of one kind. */
function observeVersions(models: ResultSummary['models']): readonly Observation[] {
  const known = models.filter(({ version }) => version !== '');
  if (known.length < 2) return [];
  const each = known.map(({ version, rows }) => `${version} (${countOf(rows, 'row')})`);
  return [{ text: `The answers are of ${known.length} versions of the model: ${each.join(', ')}.`, weight: 2 }];
}

/** Everything that stands out, the oddest first, otherwise in the order of the fields. */
export function observeAnswers(
  summaries: readonly FieldSummary[],
  fields: readonly PromptField[],
  answered: number,
): readonly Observation[] {
  return summaries
    .flatMap((summary) => {
      const field = fields.find(({ name }) => name === summary.name);
      return field ? observeField(summary, field, answered) : [];
    })
    .toSorted((a, b) => b.weight - a.weight);
}

function observeField(summary: FieldSummary, field: PromptField, answered: number): readonly Observation[] {
  const { filled, name } = summary;
  const empty = answered - filled;
  const missing: Observation[] =
    empty * 2 > answered ? [{ text: `${name} is empty for ${shareOf(empty, answered)}.`, weight: 2 }] : [];
  if (filled < ENOUGH) return missing;
  switch (summary.kind) {
    case 'numbers':
      return [...missing, ...observeNumbers(summary, field)];
    case 'words':
      return [...missing, ...(field.type === 'strings' ? [] : observeWords(summary))];
    case 'texts':
      if (summary.distinct > 1) return missing;
      return [...missing, { text: `${name} is the same text for ${all(filled)}.`, weight: 3 }];
  }
}

/** From this share on, the lowest fifth of a scale is worth a sentence. */
const LOW_SHARE = 0.1;
const MOST_SHARE = 0.95;

function observeNumbers({ name, filled, spread }: NumberSummary, { min, max }: PromptField): readonly Observation[] {
  if (!spread) return [];
  if (spread.min === spread.max)
    return [{ text: `${name} is ${formatValue(spread.min)} for ${all(filled)}.`, weight: 3 }];
  // Only a scale with two ends has a low and a high part.
  if (min === undefined || max === undefined) return [];
  const [lowEnd, highEnd] = [min + (max - min) / 5, max - (max - min) / 5];
  const tolerance = (max - min) * 1e-9;
  const low = spread.bins.filter(({ to }) => to <= lowEnd + tolerance).reduce((sum, { rows }) => sum + rows, 0);
  const high = spread.bins.filter(({ from }) => from >= highEnd - tolerance).reduce((sum, { rows }) => sum + rows, 0);
  if (low >= filled * LOW_SHARE) {
    return [
      {
        text: `${name} is below ${formatValue(lowEnd)} for ${shareOf(low, filled)}.`,
        weight: low * 2 > filled ? 2 : 1,
      },
    ];
  }
  if (high < filled * MOST_SHARE) return [];
  return [{ text: `${name} is ${formatValue(highEnd)} or above for ${shareOf(high, filled)}.`, weight: 2 }];
}

function observeWords({ name, filled, values }: WordSummary): readonly Observation[] {
  const [top, second] = values;
  if (!top) return [];
  if (!second) return [{ text: `${name} is ${top.name} for ${all(filled)}.`, weight: 3 }];
  if (top.rows >= filled * MOST_SHARE) {
    return [{ text: `${name} is ${top.name} for ${shareOf(top.rows, filled)}.`, weight: 2 }];
  }
  // Of two values the rarer one says more.
  const told = values.length === 2 ? second : top;
  return [{ text: `${name} is ${told.name} for ${formatCount(told.rows)} of ${formatCount(filled)}.`, weight: 1 }];
}

function all(filled: number): string {
  return `all ${countOf(filled, 'answer')}`;
}
