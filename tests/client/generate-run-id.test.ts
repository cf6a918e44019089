import { expect, test } from 'vitest';
import { generateRunId } from '../../client/generate-run-id.ts';
import { isRunId } from '../../contracts/ids.ts';

test('makes ids that are valid and readable', () => {
  for (let count = 0; count < 200; count++) {
    const id = generateRunId();
    expect(isRunId(id)).toBe(true);
    expect(id).toMatch(/^[a-z]+-[a-z]+-[2-9a-hjkmnp-z]{4}$/);
  }
});

test('does not make the same id twice in a row', () => {
  expect(new Set(Array.from({ length: 500 }, () => generateRunId())).size).toBe(500);
});

test('follows the numbers it is given', () => {
  expect(generateRunId(() => 0)).toBe('able-avocet-2222');
  expect(generateRunId((below) => below - 1)).toBe('witty-wren-zzzz');
});
