import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

let rig: Rig;

useRig((started) => (rig = started), {}, 'none');

/** The noop analyzer answers a number with its least value. */
const promptOf = (least: number) => `words: Look.\nfields:\n  - {name: level, type: integer, min: ${least}}\n`;

it('a prompt file that changes under a run, or breaks, changes nothing in it; the next run sees it', async () => {
  const file = join(rig.settings.promptsDir, 'levels.yaml');
  await mkdir(rig.settings.promptsDir, { recursive: true });
  await writeFile(file, promptOf(1));
  const source = await rig.makeCsv(60);
  const callLog = join(rig.dir, 'calls-prompt-change');
  const request = {
    source,
    prompt: 'levels',
    analyzer: { kind: 'noop', settings: { callLog, delayMs: 300 } },
    limits: { shardSize: 20, shardsInFlight: 1 },
  };
  const first = await rig.startWorker();
  const handle = await rig.startRun('changing', request);
  await rig.until(
    () => rig.calls(callLog),
    (calls) => calls.length > 20,
    'calls to be under way',
  );
  await writeFile(file, 'this is no prompt any more');
  // A worker that has read nothing before goes on with the run.
  await first.stop();
  expect((await rig.calls(callLog)).length).toBeLessThan(60);
  await rig.startWorker();
  const rows = await rig.rows((await handle.result()) as RunSummary);
  expect(rows).toHaveLength(60);
  expect(new Set(rows.map((row) => row['level']))).toEqual(new Set([1]));

  await writeFile(file, promptOf(2));
  const next = await rig.startRun('changed', request);
  const later = await rig.rows((await next.result()) as RunSummary);
  expect(new Set(later.map((row) => row['level']))).toEqual(new Set([2]));
  const digests = [rows, later].map((some) => new Set(some.map((row) => row['prompt_digest'])));
  expect(digests.map(({ size }) => size)).toEqual([1, 1]);
  expect(digests[0]).not.toEqual(digests[1]);
});
