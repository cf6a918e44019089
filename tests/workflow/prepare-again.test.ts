import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { StoreUnavailableError } from '../../stores/ports.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

let rig: Rig;
let refused = 0;

useRig((started) => (rig = started), {}, { stores: { checkpoint } });

/** The manifest is there, and the first claim fails. */
function checkpoint(step: string): void {
  if (!step.startsWith('claim') || refused > 0) return;
  refused += 1;
  throw new StoreUnavailableError('the disk is full');
}

it('says of odd cells what the first said when a run is prepared again', async () => {
  const source = join(rig.dir, 'odd.csv');
  await writeFile(source, 'id,image,captured_at\na,a.jpg,2026-05-04\nb,b.jpg,soon\nc,c.jpg,soon\n');
  const handle = await rig.startRun('prepared-twice', { source, analyzer: { kind: 'noop' } });
  const summary = (await handle.result()) as RunSummary;
  expect(refused).toBe(1);
  expect(summary.counts.succeeded).toBe(3);
  const record = await rig.stores.records.read('prepared-twice');
  expect(record?.plan.notes).toEqual([
    expect.stringMatching(/^2 cells of "captured_at" are no time, such as "soon" on line 3: .* carried along/),
  ]);
  expect(record?.plan.manifest).not.toHaveProperty('reading');
});
