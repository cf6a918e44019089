import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { makeRunPlace, placeKey, rowKey } from '../../stores/index.ts';

describe('the key of a place', () => {
  it('is a slug and ten hex digits', () => {
    expect(placeKey('brisk-heron-7f2k', 'e1')).toMatch(/^brisk-heron-7f2k-[0-9a-f]{10}$/);
    expect(placeKey('Ünï/../code', 'e1')).toMatch(/^n-code-[0-9a-f]{10}$/);
    expect(placeKey('...', 'e1')).toMatch(/^run-[0-9a-f]{10}$/);
    expect(placeKey('x'.repeat(500), 'e1').length).toBeLessThan(80);
  });

  it('lies in the range by which the page on Google Cloud filters, whatever the execution', async () => {
    const page = await readFile(new URL('../../docs/how-to/run-on-google-cloud.md', import.meta.url), 'utf8');
    const [, from = '', to = '', runId = ''] = /run_key BETWEEN '(.+)' AND '(.+)' AND run_id = '(.+)'/.exec(page) ?? [];
    const keys = Array.from({ length: 200 }, (_, number) => placeKey(runId, `execution-${number}`));
    expect(keys.filter((key) => key >= from && key <= to)).toEqual(keys);
    expect(placeKey('my-other-run', 'e1') <= from || placeKey('my-other-run', 'e1') >= to).toBe(true);
  });

  it('differs between runs whose slugs are equal, and between executions of one run id', () => {
    expect(placeKey('a-b', 'e1')).not.toBe(placeKey('a_b', 'e1'));
    expect(placeKey('a-b', 'e1')).not.toBe(placeKey('a-b', 'e2'));
    expect(placeKey('a-b', 'c')).not.toBe(placeKey('a-bc', ''));
  });
});

describe('a row key', () => {
  it('is 32 hex digits and tells runs and assets apart', () => {
    expect(rowKey('run-1', 'asset-1')).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set([rowKey('run-1', 'asset-1'), rowKey('run-1', 'asset-2'), rowKey('run-1a', 'sset-1')]).size).toBe(3);
  });
});

it('makes a place from what names it', () => {
  const store = { kind: 'parquet', path: '/data' } as const;
  const place = makeRunPlace({ runId: 'run-1', executionId: 'e1', store, prompt: 'photo-quality' });
  expect(place).toEqual({ store, key: placeKey('run-1', 'e1'), prompt: 'photo-quality' });
});
