import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../cli/temporal-server/stand-ins.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/sum-test-reports.mjs', import.meta.url));
const GOOD = {
  success: true,
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
};

async function sum(
  ...reports: readonly unknown[]
): Promise<{ readonly last: string | undefined; readonly status: number | null }> {
  const { lines, status } = await sumLines(...reports);
  return { last: lines.at(-1), status };
}

async function sumLines(
  ...reports: readonly unknown[]
): Promise<{ readonly lines: readonly string[]; readonly status: number | null }> {
  await using folder = await temporaryFolder();
  const paths = reports.map((_report, index) => join(folder.path, `${index}.json`));
  for (const [index, report] of reports.entries()) {
    if (report !== undefined)
      await writeFile(paths[index] ?? '', typeof report === 'string' ? report : JSON.stringify(report));
  }
  const { stdout, status } = spawnSync(process.execPath, [SCRIPT, ...paths], { encoding: 'utf8' });
  return { lines: stdout.trim().split('\n'), status };
}

test('reports add up', async () => {
  expect(await sum(GOOD, { ...GOOD, numPassedTests: 7 })).toEqual({
    last: '12 passed, 0 failed, 0 skipped',
    status: 0,
  });
});

test('those that passed and rest on our own idea of BigQuery are counted apart', async () => {
  const assertionResults = [
    { status: 'passed', tags: ['our-idea-of-bigquery'] },
    { status: 'failed', tags: ['our-idea-of-bigquery'] },
    { status: 'passed', tags: [] },
  ];
  const { lines } = await sumLines({ ...GOOD, testResults: [{ status: 'passed', assertionResults }] }, GOOD);
  expect(lines).toEqual(['1 of those that passed rest on our own idea of BigQuery', '10 passed, 0 failed, 0 skipped']);
});

test.each([
  ['a failed test', { ...GOOD, success: false, numFailedTests: 2 }, '10 passed, 2 failed, 0 skipped'],
  ['a skipped test', { ...GOOD, numPendingTests: 1 }, '10 passed, 0 failed, 1 skipped'],
  ['a test that is only planned', { ...GOOD, numTodoTests: 1 }, '10 passed, 0 failed, 1 skipped'],
  [
    'a file that cannot be loaded',
    { ...GOOD, success: false, testResults: [{ status: 'failed', assertionResults: [] }] },
    '10 passed, 1 failed, 0 skipped',
  ],
  ['an error outside any test', { ...GOOD, success: false }, '10 passed, 0 failed, 0 skipped'],
  ['a missing report', undefined, '5 passed, 0 failed, 0 skipped'],
  ['a broken report', '{', '5 passed, 0 failed, 0 skipped'],
])('%s fails the whole', async (_case, report, last) => {
  expect(await sum(GOOD, report)).toEqual({ last, status: 1 });
});

test('no test at all fails', async () => {
  expect(await sum({ ...GOOD, numPassedTests: 0 })).toEqual({ last: '0 passed, 0 failed, 0 skipped', status: 1 });
});
