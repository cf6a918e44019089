import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { allEnded } from '../../client/all-ended.ts';

it('gives what all have given', async () => {
  expect(await allEnded([Promise.resolve(1), Promise.resolve('two')])).toEqual([1, 'two']);
});

it('tells of a failure when the last has ended, and of the one that stands first', async () => {
  const [first, last] = [Promise.withResolvers<never>(), Promise.withResolvers<never>()];
  let told = false;
  const ending = allEnded([first.promise, last.promise]).finally(() => (told = true));
  ending.catch(() => undefined);
  last.reject(new Error('last'));
  await setImmediate();
  expect(told).toBe(false);
  first.reject(new Error('first'));
  await expect(ending).rejects.toThrow('first');
});
