import { createHash } from 'node:crypto';

/** Numbers in [0, 1) that depend on the words alone. */
export function seededRandom(...words: readonly (string | number)[]): () => number {
  return mulberry32(createHash('sha256').update(words.join('\n')).digest().readUInt32LE(0));
}

/** Numbers in [0, 1) that depend on the seed alone, a whole number of 32 bits. */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of `values`, which must not be empty. */
export function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}
