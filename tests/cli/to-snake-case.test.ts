import { expect, test } from 'vitest';
import { toSnakeCase } from '../../cli/to-snake-case.ts';

test('turns our keys into snake_case, at any depth', () => {
  expect(toSnakeCase({ runId: 'a', etaSeconds: { low: 1 }, list: [{ imageUris: ['x'] }] })).toEqual({
    run_id: 'a',
    eta_seconds: { low: 1 },
    list: [{ image_uris: ['x'] }],
  });
});

test('keeps the keys of data', () => {
  const data = {
    attributes: { poleId: 1, 'A B': { inSide: 2 } },
    findings: { fieldName: true },
    failures: { ImageMissing: 2 },
    settings: { delayMs: 5 },
  };
  expect(toSnakeCase(data)).toEqual(data);
});

test('keeps values, leaves out undefined', () => {
  expect(toSnakeCase({ aB: null, cD: undefined, text: 'camelCase', done: false })).toEqual({
    a_b: null,
    text: 'camelCase',
    done: false,
  });
});
