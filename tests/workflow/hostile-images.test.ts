import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { writeHostileSet } from '../images/hostile/write-hostile-set.ts';
import { chooseSeed } from '../support/seed.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

/** What a worker with the default settings may take at its highest, whatever pictures it is given. */
const MOST_MEGABYTES = 2_000;

let rig: Rig;
useRig((started) => (rig = started), {}, 'none');
const seed = chooseSeed('hostile images');

describe('a run over hostile images', () => {
  it('gives each its named row, with bounded memory and in one worker process', async () => {
    const files = await writeHostileSet(join(rig.dir, 'hostile'), seed);
    const source = join(rig.dir, 'hostile.csv');
    await writeFile(source, ['id,image', ...files.map(({ name, path }) => `${name},${path}`), ''].join('\n'));
    const worker = await rig.spawnWorker();
    const summary = (await (await rig.startRun('hostile', { source })).result()) as RunSummary;

    const rows = await rig.rows(summary);
    const ends = rows.map((row) => [row['asset_id'], row['failure'] ?? row['outcome']]);
    expect(Object.fromEntries(ends)).toEqual(Object.fromEntries(files.map(({ name, ends: end }) => [name, end])));
    expect(rows.filter((row) => Number(row['attempts']) !== 1)).toEqual([]);
    if (process.platform === 'linux') {
      const peak = peakMegabytes(worker.pid);
      process.stderr.write(`hostile images: ${files.length} files, the worker took at most ${peak} MB\n`);
      expect(peak).toBeLessThan(MOST_MEGABYTES);
    }
    expect(await worker.stop()).toBe(0);
  }, 300_000);
});

function peakMegabytes(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1_000);
}
