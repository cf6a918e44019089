import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { BAD_INPUT_PAGE, groupSection, SERVERLESS_GROUPS } from '../../scripts/bad-input/bad-input-page.ts';

test.each(SERVERLESS_GROUPS)(
  'docs/bad-input.md tells of "$title" what is told: node scripts/write-bad-input-docs.ts',
  async (group) => {
    expect(await readFile(BAD_INPUT_PAGE, 'utf8')).toContain(await groupSection(group));
  },
);

test('no message is empty, shows a stack or a class of an error', async () => {
  const page = await readFile(BAD_INPUT_PAGE, 'utf8');
  const messages = [...page.matchAll(/^\| [^|]+ \| (`.*?`) +\| /gm)].map(([, message = '']) => message);
  expect(messages.length).toBeGreaterThan(120);
  for (const message of messages) {
    expect(message).toMatch(/\w{3}.*\w{3}/);
    expect(message).not.toMatch(/^\s*at |\b[A-Z]\w+Error\b|undefined|\[object|NaN/);
  }
});
