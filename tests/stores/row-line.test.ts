import { describe, expect, it } from 'vitest';
import type { Asset } from '../../contracts/asset.ts';
import type { Findings, Outcome } from '../../contracts/outcome.ts';
import { StoreMismatchError } from '../../stores/ports.ts';
import { resultColumns } from '../../stores/result-columns.ts';
import { toRowLine } from '../../stores/row-line.ts';
import { CONTEXT, rowAt, segmentOf } from '../suites/store-samples.ts';

const line = (outcome: Partial<Outcome>, asset: Partial<Asset> = {}): Record<string, unknown> =>
  JSON.parse(toRowLine(CONTEXT, segmentOf(0), rowAt(5, outcome, asset))) as Record<string, unknown>;

describe('a row', () => {
  it.each<[string, Findings]>([
    ['caption', { caption: 7 }],
    ['caption', {}],
    ['caption', { caption: null }],
    ['lamps', { caption: 'x', lamps: 1.5 }],
    ['lamps', { caption: 'x', lamps: '1' }],
    ['lamps', { caption: 'x', lamps: 2 ** 60 }],
    ['sharpness', { caption: 'x', sharpness: Number.NaN }],
    ['usable', { caption: 'x', usable: 'yes' }],
    ['light', { caption: 'x', light: 'dusk' }],
    ['things', { caption: 'x', things: 'a' }],
    ['dogs', { caption: 'x', dogs: 1 }],
  ])('with a finding that does not fit is refused by the name of its column: %s %j', (column, findings) => {
    expect(() => line({ findings })).toThrow(StoreMismatchError);
    expect(() => line({ findings })).toThrow(column);
  });

  it.each<[string, Partial<Outcome>, Partial<Asset>]>([
    ['analyzed_at', { analyzedAt: 'yesterday' }, {}],
    ['analyzed_at', { analyzedAt: '+012026-01-01T00:00:00Z' }, {}],
    ['cost_usd', { costUsd: Infinity }, {}],
    ['attempts', { attempts: -1 }, {}],
    ['input_tokens', { usage: { inputTokens: 0.5, outputTokens: 0, thinkingTokens: 0, cachedTokens: 0 } }, {}],
    ['location', {}, { location: { latitude: Number.NaN, longitude: 0 } }],
    ['detection_time', {}, { detectionTime: '2026-13-01' }],
    ['detection_time', {}, { detectionTime: '9999-12-31T23:59:00-14:00' }],
  ])('with a wrong %s is refused by the name of its column', (column, outcome, asset) => {
    expect(() => line(outcome, asset)).toThrow(StoreMismatchError);
    expect(() => line(outcome, asset)).toThrow(column);
  });

  it('is refused with the asset of another row, and without the findings of a success', () => {
    expect(() => toRowLine(CONTEXT, segmentOf(0), { asset: rowAt(1).asset, outcome: rowAt(2).outcome })).toThrow(
      /row 2.*row 1/,
    );
    const { findings: _findings, ...outcome } = rowAt(1).outcome;
    expect(() => toRowLine(CONTEXT, segmentOf(0), { asset: rowAt(1).asset, outcome })).toThrow(/without its findings/);
  });

  it('takes a time without a zone as UTC, and one with a zone for what it is', () => {
    expect(line({}, { detectionTime: '2026-01-02T03:04:05' })['detection_time']).toBe('2026-01-02 03:04:05.000');
    expect(line({}, { detectionTime: '2026-01-02T03:04:05-02:30' })['detection_time']).toBe('2026-01-02 05:34:05.000');
    expect(line({}, { detectionTime: '2026-01-02' })['detection_time']).toBe('2026-01-02 00:00:00.000');
  });

  it('leaves out nonsense that a picture says about itself', () => {
    const observed = { location: { latitude: Number.NaN, longitude: 0 }, capturedAt: '0000:00:00 00:00:00' };
    expect(line({ observed })).toMatchObject({ location: null, detection_time: null });
  });

  it('replaces halves of characters, which no store could keep', () => {
    expect(line({ findings: { caption: 'a\ud800b' } })['caption']).toBe('a\ufffdb');
  });
});

describe('the columns of a prompt', () => {
  it('are refused when a field has the name of another column', () => {
    const field = { name: 'Outcome', type: 'string', description: '', required: false } as const;
    expect(() => resultColumns([field])).toThrow(/Outcome/);
  });
});
