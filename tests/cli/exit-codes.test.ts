import { expect, test } from 'vitest';
import { cli } from '../support/recorded-io.ts';
import { countsOf } from '../support/run-view.ts';
import { EXIT_CODES, exitCodeOf, exitCodesText } from '../../cli/exit-codes.ts';
import { RUN_STATES, type Counts, type RunState } from '../../contracts/run.ts';
import type { FailureName } from '../../contracts/failures.ts';

function code(
  state: RunState,
  more: { counts?: Partial<Counts>; reason?: 'budget' | 'operator'; failure?: FailureName } = {},
) {
  return exitCodeOf({
    state,
    counts: countsOf({ total: 3, succeeded: 3, ...more.counts }),
    reasons: more.reason ? [more.reason] : [],
    ...(more.failure ? { failure: { name: more.failure, message: '' } } : {}),
  });
}

test.each<[string, number, number]>([
  ['every asset answered', code('completed'), 0],
  ['not visible is an answer', code('completed', { counts: { not_visible: 1 } }), 0],
  ['some failed', code('completed', { counts: { failed: 1 } }), 3],
  ['some blocked', code('completed', { counts: { blocked: 1 } }), 3],
  ['some skipped', code('completed', { counts: { skipped: 1 } }), 3],
  ['paused by budget', code('paused', { reason: 'budget' }), 5],
  ['paused by a person', code('paused', { reason: 'operator' }), 6],
  ['still running', code('running'), 6],
  ['cancelled', code('cancelled'), 9],
  ['failed', code('failed', { failure: 'InvalidRequest' }), 10],
  ['refused by the store', code('failed', { failure: 'RunExists' }), 8],
  ['terminated', code('terminated'), 10],
])('%s', (_title, found, expected) => expect(found).toBe(expected));

test('every state has a code', () => {
  const known = Object.values(EXIT_CODES).map((entry) => entry.code);
  for (const state of RUN_STATES) expect(known).toContain(code(state));
});

test('the help lists every code once', () => {
  const listed = [...exitCodesText().matchAll(/^ +(\d+) {2}/gm)].map(([, number]) => Number(number));
  expect(listed).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130]);
});

test('help exit-codes --json lists the same for programs', async () => {
  for (const argv of [
    ['help', 'exit-codes', '--json'],
    ['--json', 'help', 'exit-codes'],
  ]) {
    expect(JSON.parse((await cli(argv)).out)).toEqual(Object.values(EXIT_CODES));
  }
});
