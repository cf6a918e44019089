import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createByteBudget, type ByteBudget, type ByteShare } from '../../images/byte-budget.ts';
import type { ByteClaim } from '../../images/ports.ts';

const NEVER = new AbortController().signal;

/** Whether a promise has settled, once everything that is ready has run. */
async function isGranted(waiting: Promise<void>): Promise<boolean> {
  const later = new Promise<false>((resolve) => setImmediate(resolve, false));
  return Promise.race([waiting.then(() => true), later]);
}

/** A share that holds so many bytes. */
async function holding(budget: ByteBudget, sizeBytes: number): Promise<{ share: ByteShare; claim: ByteClaim }> {
  const share = budget.open(NEVER);
  const claim = share.claim();
  await claim.reserve(sizeBytes);
  return { share, claim };
}

describe('the budget for bytes of images', () => {
  it('lets images wait until there is room for them', async () => {
    const budget = createByteBudget(100);
    const first = await holding(budget, 60);
    const second = budget.open(NEVER).claim();
    const waiting = second.reserve(50);
    expect(await isGranted(waiting)).toBe(false);
    first.claim.resize(50);
    expect(await isGranted(waiting)).toBe(true);
  });

  it('gives back what a share holds when its call ends', async () => {
    const budget = createByteBudget(100);
    const { share, claim } = await holding(budget, 100);
    const waiting = budget.open(NEVER).claim().reserve(100);
    expect(await isGranted(waiting)).toBe(false);
    share.close();
    expect(await isGranted(waiting)).toBe(true);
    claim.resize(100);
    expect(await isGranted(budget.open(NEVER).claim().reserve(1))).toBe(false);
  });

  it('lets an asset with more bytes than the bound pass, and then nothing beside it', async () => {
    const budget = createByteBudget(100);
    const { share, claim } = await holding(budget, 500);
    await claim.reserve(500);
    const waiting = budget.open(NEVER).claim().reserve(1);
    expect(await isGranted(waiting)).toBe(false);
    share.close();
    expect(await isGranted(waiting)).toBe(true);
  });

  it('lets nobody overtake: small images do not starve a large one', async () => {
    const budget = createByteBudget(100);
    const first = await holding(budget, 50);
    const large = budget.open(NEVER).claim().reserve(80);
    const small = budget.open(NEVER).claim().reserve(10);
    expect([await isGranted(large), await isGranted(small)]).toEqual([false, false]);
    first.share.close();
    expect([await isGranted(large), await isGranted(small)]).toEqual([true, true]);
  });

  it('lets those who hold some and want more not block each other', async () => {
    const budget = createByteBudget(100);
    const [first, second] = [await holding(budget, 50), await holding(budget, 50)];
    const more = second.claim.reserve(50);
    expect(await isGranted(more)).toBe(false);
    expect(await isGranted(first.claim.reserve(50))).toBe(true);
    first.share.close();
    expect(await isGranted(more)).toBe(true);
  });

  it('forgets a wait that is called off, with its reason', async () => {
    const budget = createByteBudget(100);
    const first = await holding(budget, 100);
    const calledOff = new AbortController();
    const reason = new Error('not wanted any more');
    const waiting = budget.open(calledOff.signal).claim().reserve(100);
    const behind = budget.open(NEVER).claim().reserve(100);
    calledOff.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(budget.open(calledOff.signal).claim().reserve(1)).rejects.toBe(reason);
    first.share.close();
    expect(await isGranted(behind)).toBe(true);
  });

  it('never holds more than its bound and what the oldest holds, and serves everybody', async () => {
    const assets = fc.array(fc.array(fc.integer({ min: 0, max: 150 }), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(assets, fc.scheduler(), async (sizes, scheduler) => {
        const budget = createByteBudget(100);
        const held = new Map<number, number>();
        let served = 0;
        const calls = Promise.all(
          sizes.map(async (images, asset) => {
            const share = budget.open(NEVER);
            for (const sizeBytes of images) {
              const claim = share.claim();
              await claim.reserve(sizeBytes);
              held.set(asset, (held.get(asset) ?? 0) + sizeBytes);
              const [, ...younger] = held.values();
              expect(younger.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(100);
              await scheduler.schedule(Promise.resolve());
              const smaller = Math.floor(sizeBytes / 2);
              claim.resize(smaller);
              held.set(asset, (held.get(asset) ?? 0) - sizeBytes + smaller);
            }
            held.delete(asset);
            share.close();
            served += 1;
          }),
        );
        await scheduler.waitFor(calls);
        expect(served).toBe(sizes.length);
      }),
    );
  });
});
