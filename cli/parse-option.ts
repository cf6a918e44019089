import { InvalidArgumentError } from 'commander';
import { didYouMean } from '../prompts/did-you-mean.ts';

/** Parser of an option that takes a whole number. */
export function wholeNumber(min: number, max: number, unit = ''): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`It takes a whole number ${range}${unit === '' ? '' : ` (${unit})`}.`);
  };
}

/** Parser of an option that takes one of some words and may be repeated, or take several separated by commas. */
export function wordsOf<Word extends string>(
  known: readonly Word[],
): (text: string, before: readonly Word[] | undefined) => readonly Word[] {
  return (text, before) => [...(before ?? []), ...text.split(',').map((word) => oneOf(known, word.trim()))];
}

/** Parser of an option that may be repeated. */
export function repeated(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

function oneOf<Word extends string>(known: readonly Word[], typed: string): Word {
  const found = known.find((word) => word === typed);
  if (found !== undefined) return found;
  const meant = didYouMean(typed, known);
  throw new InvalidArgumentError(`It takes ${known.join(', ')}.${meant ? ` Did you mean ${meant}?` : ''}`);
}
