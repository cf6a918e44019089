import { expect, test } from 'vitest';
import { requestFromOptions } from '../../cli/request-from-options.ts';

test('makes paths absolute', () => {
  expect(requestFromOptions('/work/photos', { out: 'results' }, '/work')).toEqual({
    source: '/work/photos',
    store: { kind: 'parquet', path: '/work/results' },
  });
});

test('settings are JSON where they are JSON, else text', () => {
  const setting = ['delayMs=500', 'unpaid=true', 'failure=FetchFailed', 'callLog=/tmp/a=b'];
  expect(requestFromOptions('photos', { analyzer: 'noop', setting }, '/').analyzer).toEqual({
    kind: 'noop',
    settings: { delayMs: 500, unpaid: true, failure: 'FetchFailed', callLog: '/tmp/a=b' },
  });
});

test('a setting without a value is refused', () => {
  expect(() => requestFromOptions('photos', { setting: ['delayMs'] }, '/')).toThrow('key=value');
  expect(() => requestFromOptions('photos', { setting: ['=1'] }, '/')).toThrow('key=value');
});

test('limits travel only when they are given', () => {
  expect(requestFromOptions('/photos', { shardSize: 10 }, '/')).toEqual({
    source: '/photos',
    limits: { shardSize: 10 },
  });
});
