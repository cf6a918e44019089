import { expect, test } from 'vitest';
import { createContext } from '../../../cli/cli-context.ts';
import { fine } from '../../../cli/doctor/check.ts';
import { reportChecks } from '../../../cli/doctor/report-checks.ts';
import { recordedIo } from '../../support/recorded-io.ts';

test('names and what is said of them never touch, however long a name is', () => {
  const io = recordedIo();
  const names = ['node', 'bigquerystorage.googleapis.com', `table street.${'x'.repeat(60)}`];
  const broken = {
    name: `bucket ${'y'.repeat(60)}`,
    state: 'problem',
    message: 'There is none.',
    fix: 'Make it.',
  } as const;
  reportChecks(createContext(io, {}), [...names.map((name) => fine(name, 'is fine')), broken], 'doctor');
  const lines = io.out().trimEnd().split('\n');
  expect(lines.slice(0, 3)).toEqual(
    names.map((name) => expect.stringMatching(new RegExp(`^ok +${name} {2,}is fine$`))),
  );
  expect(lines[0]?.indexOf('is fine')).toBe(lines[1]?.indexOf('is fine'));
  expect(lines.at(-1)).toBe(`${' '.repeat(lines[0]?.indexOf('is fine') ?? 0)}Fix: Make it.`);
});
