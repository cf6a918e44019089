import type { PromptField } from '../contracts/prompt.ts';

/** `count` bins of the same width from `start` on; a width of 0 is one bin for one value. */
export interface Steps {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

const MOST = 20;

/**
 * How to cut the values of a field into bins that people can read: between the field's own bounds where it has both,
 * otherwise in steps of 1, 2 or 5 times a power of ten; a whole number never falls between two bins. At most 22 bins.
 */
export function histogramSteps(
  { type, min: lowest, max: highest }: Pick<PromptField, 'type' | 'min' | 'max'>,
  min: number,
  max: number,
): Steps {
  const isWhole = type === 'integer';
  const isBounded = lowest !== undefined && highest !== undefined;
  const [from, to] = isBounded ? [lowest, highest] : [min, max];
  if (isWhole && to - from < MOST) return { start: from, step: 1, count: to - from + 1 };
  if (isBounded && !isWhole && from < to) return { start: from, step: (to - from) / MOST, count: MOST };
  const step = Math.max(isWhole ? 1 : 0, roundUp((to - from) / MOST));
  // Too wide, or too narrow, for steps that numbers of this size can tell apart.
  if (!Number.isFinite(step) || step < 1e-300 || isLost(step, from) || isLost(step, to)) {
    return { start: from, step: 0, count: 1 };
  }
  const near = Math.floor(from / step) * step;
  // The product may be rounded up.
  const start = near > from ? near - step : near;
  return { start, step, count: Math.floor((to - start) / step) + 1 };
}

/** Whether a step is hardly more than what lies between two numbers of this size. */
function isLost(step: number, size: number): boolean {
  return size + step / 8 === size;
}

/** To the next of 1, 2, 5, 10, 20, 50, ... */
function roundUp(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= width * (1 - 1e-9)) ?? width;
}
