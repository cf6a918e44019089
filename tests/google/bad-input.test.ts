/** @module-tag our-idea-of-bigquery */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { BAD_INPUT_PAGE, groupSection } from '../../scripts/bad-input/bad-input-page.ts';
import { openGoogleBench } from '../../scripts/bad-input/open-google-bench.ts';

test('docs/bad-input.md tells of Google Cloud what is told: node scripts/write-bad-input-docs.ts', async () => {
  await using bench = await openGoogleBench();
  expect(await readFile(BAD_INPUT_PAGE, 'utf8')).toContain(await groupSection(bench.group, bench.places));
}, 180_000);
