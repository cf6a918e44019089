import { expect, it } from 'vitest';
import { sourceSpeaksFirst } from '../../activities/source-speaks-first.ts';
import type { AttributeValue } from '../../contracts/asset.ts';
import { rowAt } from '../suites/store-samples.ts';

const OBSERVED = {
  imageDigests: ['ab'],
  location: { latitude: 1, longitude: 2 },
  capturedAt: '2020-01-01T00:00:00',
};
const COLUMNS = { location: ['lat', 'lng'], time: ['seen'] };

function observedWith(attributes: Readonly<Record<string, AttributeValue>>, columns: typeof COLUMNS | undefined) {
  return sourceSpeaksFirst(rowAt(0, { observed: OBSERVED }, { attributes }), columns).outcome.observed;
}

it.each<[string, Readonly<Record<string, AttributeValue>>, object]>([
  ['a place that was not understood', { lat: 'north', lng: '11.5', seen: null }, { location: undefined }],
  ['half a place', { lat: null, lng: 7, seen: null }, { location: undefined }],
  ['a time that was not understood', { lat: null, lng: null, seen: '5/4/2026' }, { capturedAt: undefined }],
  ['neither', { lat: null, lng: ' ', seen: '' }, {}],
  ['something else', { height: 'north' }, {}],
])('where the source has %s, its pictures say nothing of it', (_what, attributes, silent) => {
  const expected = Object.entries({ ...OBSERVED, ...silent }).filter(([, value]) => value !== undefined);
  expect(observedWith(attributes, COLUMNS)).toEqual(Object.fromEntries(expected));
});

it('leaves rows alone of shards that began without the columns, and rows whose pictures were not seen', () => {
  expect(observedWith({ lat: 'north' }, undefined)).toEqual(OBSERVED);
  const unseen = rowAt(0);
  expect(sourceSpeaksFirst(unseen, COLUMNS)).toBe(unseen);
});
