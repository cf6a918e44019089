import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openParquetStores } from '../../stores/index.ts';
import { CONTEXT, placeIn } from '../suites/store-samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SHARDS = 10;

it('lets two processes freeze and commit the same at once: one manifest, each row once', async () => {
  await using folder = await temporaryFolder();
  const [a, b] = await Promise.all([runProcess(folder.path, 'execution-a'), runProcess(folder.path, 'execution-b')]);
  expect(a[0]).toEqual(b[0]);
  const commits = [...a.slice(1), ...b.slice(1)] as { rows: number; alreadyVisible: number }[];
  expect(commits.reduce((sum, { rows }) => sum + rows, 0)).toBe(SHARDS * 20);
  expect(commits.reduce((sum, { alreadyVisible }) => sum + alreadyVisible, 0)).toBe(SHARDS * 20);
  await expectComplete(folder.path);
}, 60_000);

it('takes the same execution in two processes as one', async () => {
  await using folder = await temporaryFolder();
  const [a, b] = await Promise.all([runProcess(folder.path, 'execution-a'), runProcess(folder.path, 'execution-a')]);
  expect(a).toEqual(b);
  await expectComplete(folder.path);
}, 60_000);

it('is complete after processes were killed with SIGKILL anywhere and the last one ran through', async () => {
  await using folder = await temporaryFolder();
  for (let lines = 0; lines < 6; lines++) await runProcess(folder.path, 'execution-a', lines * 2);
  await runProcess(folder.path, 'execution-b');
  await expectComplete(folder.path);
}, 60_000);

it.each([
  ['by a statement', '', { rejected: 0, rejects: null }],
  ['row by row, with rejects', ',0.jpg\nasset-1,1.jpg\n', { rejected: 2, duplicates: 1 }],
])(
  'lets processes freeze one CSV file at once, %s: they agree',
  async (_, more, expected) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'poles.csv');
    const lines = Array.from({ length: 20_000 }, (__, index) => `asset-${index},${index}.jpg`);
    await writeFile(path, `id,image\n${lines.join('\n')}\n${more}`);
    const froze = () => runScript(new URL('freeze-process.ts', import.meta.url), [folder.path, path]);
    const [[ref], ...others] = await Promise.all([froze(), froze(), froze()]);
    expect(ref).toMatchObject({ rows: 20_000, ...expected });
    expect(others).toEqual([[ref], [ref]]);
    const { rejects } = ref as { readonly rejects: string | null };
    const rejected = rejects === null ? [] : (await readFile(rejects, 'utf8')).trim().split('\n').slice(1);
    expect(rejected).toHaveLength(expected.rejected);
    expect((await readdir(join(folder.path, 'manifests'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  },
  60_000,
);

function runProcess(folder: string, executionId: string, killAfterLines?: number): Promise<unknown[]> {
  return runScript(new URL('store-process.ts', import.meta.url), [folder, executionId, String(SHARDS)], killAfterLines);
}

/** The lines that the process prints; with `killAfterLines` it is killed once it has printed so many. */
async function runScript(script: URL, argv: readonly string[], killAfterLines = Infinity): Promise<unknown[]> {
  const child = spawn(process.execPath, [fileURLToPath(script), ...argv], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const lines: unknown[] = [];
  if (killAfterLines === 0) child.kill('SIGKILL');
  for await (const line of createInterface(child.stdout)) {
    lines.push(JSON.parse(line));
    if (lines.length === killAfterLines) child.kill('SIGKILL');
  }
  const [code] = (await closed) as [number | null];
  if (killAfterLines === Infinity) expect(code).toBe(0);
  return lines;
}

async function expectComplete(folder: string): Promise<void> {
  const [stores, place] = [openParquetStores(folder), placeIn(folder)];
  await stores.results.rollUp(place, CONTEXT, true);
  expect(await stores.results.audit(place)).toMatchObject({ rows: SHARDS * 20, repeated: 0 });
  const rows = await stores.reader.list(place, { limit: 1000 });
  expect(rows.map((row) => row['row_number'])).toEqual(Array.from({ length: SHARDS * 20 }, (_, row) => row));
}
