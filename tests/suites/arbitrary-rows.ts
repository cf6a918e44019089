import fc from 'fast-check';
import type { ResultRow } from '../../stores/ports.ts';
import { FAILED, rowAt } from './store-samples.ts';

/** So few that a filter often names one that a row has. */
export const FEW_TEXTS = fc.constantFrom(
  '',
  'a',
  'A',
  'ab',
  'Öl',
  'öL',
  "it's",
  '"',
  '%',
  '_',
  '$1',
  'a/b',
  '~0',
  'a.b',
  '1',
  '1.50',
  '-2e1',
  '007',
  'NaN',
  'true',
  'null',
  '日本',
  '😀',
  '\uffff',
  ' ',
  '\n',
  '\\',
);
export const FEW_NUMBERS = fc.constantFrom(-20, -1, 0, 0.1, 0.5, 1, 1.5, 7, 9_007_199_254_740_991);

/** So many rows with all kinds of values, and without. */
export function arbitraryRows(count: number): fc.Arbitrary<readonly ResultRow[]> {
  return fc.array(row, { minLength: count, maxLength: count }).map((makers) => makers.map((make, at) => make(at)));
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 });
const findings = fc.record({
  caption: FEW_TEXTS,
  lamps: maybe(FEW_NUMBERS.filter((value) => Number.isInteger(value))),
  sharpness: maybe(FEW_NUMBERS),
  usable: maybe(fc.boolean()),
  light: maybe(fc.constantFrom('day', 'night')),
  things: maybe(fc.array(FEW_TEXTS, { maxLength: 3 })),
});
const attributes = fc.dictionary(
  FEW_TEXTS.filter((key) => key !== ''),
  fc.oneof(FEW_TEXTS, FEW_NUMBERS, fc.boolean(), fc.constant(null)),
  { maxKeys: 8 },
);
const days = fc.integer({ min: -5, max: 5 }).map((day) => new Date(Date.UTC(2026, 10, 10 + day)).toISOString());
const degrees = fc.constantFrom(-1, 0, 0.1, 1, 7);

const row: fc.Arbitrary<(at: number) => ResultRow> = fc
  .record({
    found: maybe(findings),
    attributes,
    analyzedAt: days,
    seenAt: maybe(days),
    location: maybe(fc.record({ latitude: degrees, longitude: degrees })),
    observationId: maybe(FEW_TEXTS),
  })
  .map(({ found, attributes: carried, analyzedAt, seenAt, location, observationId }) => (at: number) => {
    const image = { uri: `/photos/${at}.jpg`, ...(observationId !== null && { observationId }) };
    const asset = {
      images: at % 5 === 0 ? [] : [image],
      attributes: carried,
      ...(seenAt !== null && { detectionTime: seenAt }),
      ...(location !== null && { location }),
    };
    return rowAt(at, { ...(found === null ? FAILED : { findings: found }), analyzedAt }, asset);
  });
