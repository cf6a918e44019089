import { describe, expect, it } from 'vitest';
import { parseBucketName, parseTableName } from '../../../cli/gcloud/google-place.ts';

describe('the name of a table', () => {
  it.each([
    ['bq://my-project.streets.poles', { project: 'my-project', dataset: 'streets', table: 'poles' }],
    [
      'bq://example.com:my-project.s_1.all poles',
      { project: 'example.com:my-project', dataset: 's_1', table: 'all poles' },
    ],
  ])('is found in %s', (text, name) => expect(parseTableName(text)).toEqual(name));

  it.each(['my-project.streets.poles', 'bq://my-project.streets', 'bq://my-project.streets.`x`', 'bq://a.b.c'])(
    'is not found in %s',
    (text) => expect(parseTableName(text)).toBeNull(),
  );
});

describe('the name of a bucket', () => {
  it.each([
    ['gs://my-images', 'my-images'],
    ['gs://my-images/2026/', 'my-images'],
    ['my.images_2', 'my.images_2'],
  ])('of %s is %s', (text, name) => expect(parseBucketName(text)).toBe(name));

  it.each(['My-Images', 's3://x', 'a', '-images', ''])('is not found in %j', (text) =>
    expect(parseBucketName(text)).toBeNull(),
  );
});
