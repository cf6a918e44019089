import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

/** The lines that the process prints; with `killAfterLines` it is killed once it has printed so many. */
async function runProcess(folder: string, executionId: string, killAfterLines = Infinity): Promise<unknown[]> {
  const script = fileURLToPath(new URL('store-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder, executionId, String(SHARDS)], {
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
