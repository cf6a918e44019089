import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BAD_INPUT_PAGE, groupSection, pageHead, SERVERLESS_GROUPS } from '../../scripts/bad-input/bad-input-page.ts';
import { GOOGLE_TITLE } from '../../scripts/bad-input/google-cases.ts';
import { openRunBench, type OpenRunBench } from '../../scripts/bad-input/open-run-bench.ts';

let bench: OpenRunBench;
beforeAll(async () => {
  bench = await openRunBench();
}, 120_000);
afterAll(() => bench[Symbol.asyncDispose]());

test('docs/bad-input.md tells of runs what is told: node scripts/write-bad-input-docs.ts', async () => {
  const page = await readFile(BAD_INPUT_PAGE, 'utf8');
  expect(page.startsWith(await pageHead([...SERVERLESS_GROUPS, ...bench.groups, GOOGLE_TITLE]))).toBe(true);
  for (const group of bench.groups) expect(page).toContain(await groupSection(group, bench.places));
});
