import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { EXIT_CODES } from '../../cli/exit-codes.ts';
import { SETTINGS } from '../../config/settings.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { SETTINGS_PAGE, settingsPage } from '../../scripts/write-settings-docs.ts';

/** Rows of the page's tables: their cells, without backquotes and padding. */
async function rows(): Promise<readonly (readonly string[])[]> {
  const lines = (await readFile(SETTINGS_PAGE, 'utf8')).split('\n').filter((line) => line.startsWith('|'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('`', '').trim()),
  );
}

test('docs/settings.md is what its script writes: node scripts/write-settings-docs.ts', async () => {
  expect(await readFile(SETTINGS_PAGE, 'utf8')).toBe(await settingsPage());
});

test.each(Object.values(SETTINGS))('$env is listed with its default and what it does', async (setting) => {
  const row = (await rows()).find(([env]) => env === setting.env);
  expect(row?.[1]).toBe(String(setting.default));
  expect(row?.[3]).toBe(setting.description.replaceAll('`', ''));
});

test.each(Object.entries(LIMITS))('the limit %s is listed with its default and bounds', async (name, limit) => {
  const row = (await rows()).find(([field]) => field === name);
  expect(row?.slice(2, 4)).toEqual([String(limit.default), `${limit.min} to ${limit.max} ${limit.unit}`]);
});

test('every exit code is listed', async () => {
  const codes = (await rows()).filter(([code]) => /^\d+$/.test(code ?? ''));
  expect(codes).toEqual(Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning]));
});
