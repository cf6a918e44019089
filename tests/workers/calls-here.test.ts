import { expect, it } from 'vitest';
import { createCallsHere } from '../../workers/calls-here.ts';

const call = (shard: number, id = 1) => ({ shardId: `shard-${shard}`, activityId: String(id) });

it('knows the calls that are under way, and the shards that had some', () => {
  const here = createCallsHere();
  here.add(call(1, 1));
  here.add(call(1, 2));
  here.add(call(2, 1));
  here.remove(call(1, 1));
  here.remove(call(2, 1));
  here.remove(call(3, 1));
  expect([call(1, 1), call(1, 2), call(2, 1), call(3, 1)].map(here.has)).toEqual([false, true, false, false]);
  expect(here.shardIds()).toEqual(['shard-1', 'shard-2']);
});

it('forgets shards that have nothing here when there are many, and never one that has', () => {
  const here = createCallsHere();
  for (let shard = 0; shard < 1_000; shard++) {
    here.add(call(shard));
    if (shard !== 500) here.remove(call(shard));
  }
  expect(here.shardIds()).toHaveLength(201);
  expect(here.has(call(500))).toBe(true);
});
