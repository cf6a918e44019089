import { appendFileSync, mkdirSync } from 'node:fs';
import { afterEach } from 'vitest';

const FAILING_SEEDS = 'test-results/failing-seeds.txt';

/**
 * A seed from SIGHTLINE_SEED, or a new one. It is printed, and kept in test-results/failing-seeds.txt when a test fails, so
 * that the failure can be repeated with the same numbers.
 */
export function chooseSeed(what: string): number {
  const given = process.env['SIGHTLINE_SEED'];
  const seed = given ? Number(given) : Math.floor(Math.random() * 2 ** 31);
  const line = `${what}: SIGHTLINE_SEED=${seed}`;
  process.stderr.write(`${line}\n`);
  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') return;
    mkdirSync('test-results', { recursive: true });
    appendFileSync(FAILING_SEEDS, `${line} (${task.name})\n`);
  });
  return seed;
}

export { mulberry32 as seededRandom } from '../../fake-google/seeded-random.ts';
