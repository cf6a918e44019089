import { describe, expect, it } from 'vitest';
import { failed, FAILURES, failureRule, isFailureName, type FailureName } from '../../contracts/failures.ts';

describe.each(Object.keys(FAILURES) as FailureName[])('failure %s', (name) => {
  it('has a sentence and a hint for the person who must act', () => {
    const rule = failureRule(name);
    expect(rule.sentence).toMatch(/^[A-Z].*\.$/);
    expect(rule.hint.length).toBeGreaterThan(10);
    expect(isFailureName(name)).toBe(true);
  });
});

describe('a failure', () => {
  it('keeps its message short enough for history', () => {
    expect(failed('WorkerBug', 'x'.repeat(2_000)).failure.message).toHaveLength(500);
  });

  it.each(['', 'toString', 'Unknown', 7, undefined])('has no name %j', (name) => {
    expect(isFailureName(name)).toBe(false);
  });
});
