/** A seed from SIGHTLINE_SEED, or a new one; printed, so that a failing test can be repeated with the same numbers. */
export function chooseSeed(what: string): number {
  const given = process.env['SIGHTLINE_SEED'];
  const seed = given ? Number(given) : Math.floor(Math.random() * 2 ** 31);
  process.stderr.write(`${what}: SIGHTLINE_SEED=${seed}\n`);
  return seed;
}

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
