import { writeFile } from 'node:fs/promises';
import { BAD_INPUT_PAGE, groupSection, pageHead, SERVERLESS_GROUPS } from './bad-input/bad-input-page.ts';
import { GOOGLE_TITLE } from './bad-input/google-cases.ts';
import { openGoogleBench } from './bad-input/open-google-bench.ts';
import { openRunBench } from './bad-input/open-run-bench.ts';

/** Makes every bad input and writes down what it is told. */
await using bench = await openRunBench();
await using google = await openGoogleBench();
const sections: string[] = [await pageHead([...SERVERLESS_GROUPS, ...bench.groups, GOOGLE_TITLE])];
for (const group of SERVERLESS_GROUPS) sections.push(await groupSection(group));
for (const group of bench.groups) sections.push(await groupSection(group, bench.places));
sections.push(await groupSection(google.group, google.places));
await writeFile(BAD_INPUT_PAGE, sections.join('\n'));
