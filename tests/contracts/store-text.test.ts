import { describe, expect, it } from 'vitest';
import { checkStore, parseStoreText, storeText } from '../../contracts/store-text.ts';

describe('the text that names a store', () => {
  it.each([
    ['bq://my-project.results', { kind: 'bigquery', project: 'my-project', dataset: 'results' }],
    [
      'bq://example.com:my-project.Results_2',
      { kind: 'bigquery', project: 'example.com:my-project', dataset: 'Results_2' },
    ],
    [
      'bq://my-project.results?mode=load&bucket=my-rows',
      { kind: 'bigquery', project: 'my-project', dataset: 'results', mode: 'load', bucket: 'my-rows' },
    ],
    [
      'bq://my-project.results?mode=stream',
      { kind: 'bigquery', project: 'my-project', dataset: 'results', mode: 'stream' },
    ],
    [
      'bq://my-project.results?bucket=my-rows',
      { kind: 'bigquery', project: 'my-project', dataset: 'results', bucket: 'my-rows' },
    ],
    ['out', { kind: 'parquet', path: 'out' }],
    ['/data/bq', { kind: 'parquet', path: '/data/bq' }],
    ['a:b', { kind: 'parquet', path: 'a:b' }],
  ])('%s is understood, and written the same way', (text, store) => {
    const parsed = parseStoreText(text);
    expect(parsed).toEqual({ ok: true, value: store });
    if (parsed.ok) expect(storeText(parsed.value)).toBe(text);
  });

  it.each([
    'bq://my-project',
    'bq://my-project.',
    'bq://.results',
    'bq://my-project.a-b',
    'bq://My.x',
    'gs://b/x',
    'BQ://p.d',
    '',
    '  ',
  ])('%s is refused with what would be right', (text) => {
    expect(parseStoreText(text)).toMatchObject({
      ok: false,
      failure: {
        name: 'InvalidRequest',
        message: expect.stringMatching(/name a folder, or .* bq:\/\/project\.dataset/),
      },
    });
  });

  it.each([
    ['bq://my-project.results.poles', /names more than a dataset: write bq:\/\/my-project\.results, and/],
    ['bq://example.com:my-project.results.poles', /write bq:\/\/example\.com:my-project\.results, and/],
    ['bq://my-project.more.results?mode=stream', /names more than a dataset: write bq:\/\/my-project\.more, and/],
  ])('%s is refused, not taken for a dataset of a project with a dot', (text, message) => {
    expect(parseStoreText(text)).toMatchObject({
      ok: false,
      failure: { name: 'InvalidRequest', message: expect.stringMatching(message) },
    });
  });

  it.each([
    [{ project: 'a`b', dataset: 'res' }, '"a`b" cannot be the id of a project: write one such as my-project, or'],
    [{ project: 'my-project.x', dataset: 'res' }, '"my-project.x" cannot be the id of a project'],
    [{ project: 'my-project', dataset: 'my results' }, '"my results" cannot be the name of a dataset: write one of'],
    [{ project: 'my-project', dataset: 'a.b' }, '"a.b" cannot be the name of a dataset'],
  ])('of %j is refused with the fix, also where it is no text', (names, message) => {
    expect(checkStore({ kind: 'bigquery', ...names })).toMatchObject({
      ok: false,
      failure: { name: 'InvalidRequest', message: expect.stringContaining(message) },
    });
  });

  it.each([
    ['bq://my-project.results?mode=load', /name one, as bq:\/\/my-project\.results\?mode=load&bucket=NAME/],
    ['bq://my-project.results?mode=batch', /"mode=batch" .* there are mode=stream, mode=load and bucket=NAME/],
    ['bq://my-project.results?', /there are mode=stream/],
    ['bq://my-project.results?bucket=gs://b', /cannot be the name of a bucket: write it without gs:\/\//],
    ['bq://my-project.results?Bucket=b', /there are mode=stream/],
    ['bq://my-project.results?mode=stream&bucket=b&mode=load', /names its mode twice/],
  ])('%s is refused with what is wrong about its options', (text, message) => {
    expect(parseStoreText(text)).toMatchObject({
      ok: false,
      failure: { name: 'InvalidRequest', message: expect.stringMatching(message) },
    });
  });
});
