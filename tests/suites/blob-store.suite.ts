import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreMismatchError } from '../../stores/ports.ts';
import type { BlobStore } from '../../stores/ports.ts';

export interface BlobStoreUnderTest extends AsyncDisposable {
  readonly blobs: BlobStore;
}

/** What every blob store does; `open` gives an empty one. */
export function blobStoreSuite(name: string, open: () => Promise<BlobStoreUnderTest>): void {
  describe(`${name} as a blob store`, () => {
    let test: BlobStoreUnderTest;
    beforeEach(async () => {
      test = await open();
    });
    afterEach(async () => test[Symbol.asyncDispose]());

    it('gives a value back by the name it returned, the same name for the same value', async () => {
      const value = { caption: `"quoted" 😀 \u0000 ${'x'.repeat(200_000)}`, lamps: 3, none: null };
      const [first, again, other] = [
        await test.blobs.put(value, 1_000_000),
        await test.blobs.put(value, 1_000_000),
        await test.blobs.put({ ...value, lamps: 4 }, 1_000_000),
      ];
      if (!first.ok || !again.ok || !other.ok) throw new Error('not kept');
      expect(again.value).toBe(first.value);
      expect(other.value).not.toBe(first.value);
      expect(await test.blobs.get(first.value)).toEqual(value);
    });

    it('takes the same value from many at once', async () => {
      const names = await Promise.all(Array.from({ length: 20 }, () => test.blobs.put({ a: 1 }, 100)));
      expect(new Set(names.map((found) => JSON.stringify(found))).size).toBe(1);
    });

    it('refuses a value that is too large, in bytes', async () => {
      expect(await test.blobs.put('é'.repeat(10), 22)).toMatchObject({ ok: true });
      expect(await test.blobs.put('é'.repeat(11), 22)).toMatchObject({
        ok: false,
        failure: { name: 'AnswerTooLarge' },
      });
    });

    it('refuses names that are none, and says which blob is missing', async () => {
      await expect(test.blobs.get('../../etc/passwd')).rejects.toThrow(StoreMismatchError);
      await expect(test.blobs.get('0'.repeat(64))).rejects.toThrow(/is not there/);
    });
  });
}
