import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createSharedOrAlone } from '../../images/shared-or-alone.ts';

describe('tasks that run shared or alone', () => {
  it('never have anybody beside one that runs alone, in any order, also when tasks fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ alone: fc.boolean(), fails: fc.boolean() })), async (tasks) => {
        const turns = createSharedOrAlone();
        const inside = { shared: 0, alone: 0 };
        let beside = 0;
        const ends = tasks.map(({ alone, fails }) => {
          const kind = alone ? 'alone' : 'shared';
          return turns[kind](async () => {
            inside[kind]++;
            if (inside.alone > 0 && inside.alone + inside.shared > 1) beside++;
            await Promise.resolve();
            inside[kind]--;
            if (fails) throw new Error('as told');
          });
        });
        const settled = await Promise.allSettled(ends);
        expect(settled.map(({ status }) => status === 'rejected')).toEqual(tasks.map(({ fails }) => fails));
        expect(beside).toBe(0);
      }),
    );
  });

  it('run side by side when shared', async () => {
    const turns = createSharedOrAlone();
    const both = Promise.withResolvers<void>();
    const first = turns.shared(() => both.promise);
    await turns.shared(async () => both.resolve());
    await first;
  });

  it('run when those before have ended, and before those that came later', async () => {
    const turns = createSharedOrAlone();
    const order: string[] = [];
    const task = (name: string) => async () => {
      await Promise.resolve();
      order.push(name);
    };
    await Promise.all([
      turns.shared(task('a')),
      turns.alone(task('b')),
      turns.shared(task('c')),
      turns.alone(task('d')),
    ]);
    expect(order).toEqual(['a', 'b', 'c', 'd']);
  });
});
