import { describe, expect, it } from 'vitest';
import { EMPTY_TALLY } from '../../../contracts/outcome.ts';
import { isShardReport, isShardState, readNote, readReason } from '../../../workflows/run/read-messages.ts';

const nonsense = [
  undefined,
  null,
  5,
  'pause',
  [],
  {},
  { seq: '1' },
  { reason: 7 },
  { reason: 'whim' },
  { note: {} },
  { __proto__: { seq: 1 } },
];

describe('what anybody may signal', () => {
  it.each(nonsense)('is no message when it is %j', (message) => {
    expect([isShardState(message), isShardReport(message), readReason(message), readNote(message)]).toEqual([
      false,
      false,
      undefined,
      '',
    ]);
  });

  it('is read when it has the shape of a message', () => {
    expect(readReason({ reason: 'quota' })).toBe('quota');
    expect(readNote({ note: 'x'.repeat(9_000) })).toHaveLength(500);
    expect(isShardState({ seq: 3, gate: 'closed', reasons: [] })).toBe(true);
    expect(isShardReport({ shard: 1, seq: 0, inFlight: 2, gate: 'open', sentAtMs: 5, tally: EMPTY_TALLY })).toBe(true);
  });

  it.each([
    { gate: 'ajar' },
    { tally: {} },
    { tally: { ...EMPTY_TALLY, counts: { succeeded: 'many' } } },
    { tally: { ...EMPTY_TALLY, costUsd: Number.NaN } },
    { tally: { ...EMPTY_TALLY, versions: 'm-001' } },
    { tally: { ...EMPTY_TALLY, versions: [1] } },
    { tally: { ...EMPTY_TALLY, versions: Array.from({ length: 11 }, String) } },
  ])('is no report with %j', (part) => {
    expect(
      isShardReport({ shard: 1, seq: 0, inFlight: 2, gate: 'open', sentAtMs: 5, tally: EMPTY_TALLY, ...part }),
    ).toBe(false);
  });
});
