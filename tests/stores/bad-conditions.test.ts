import { execFileSync, spawnSync } from 'node:child_process';
import { readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openParquetStores } from '../../stores/index.ts';
import type { Stores } from '../../stores/index.ts';
import { StoreMismatchError, StoreUnavailableError } from '../../stores/ports.ts';
import {
  CONTEXT,
  assetsBetween,
  placeIn,
  rowsBetween,
  runRecord,
  segmentOf,
  stageAll,
} from '../suites/store-samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let stores: Stores;
let warnings: string[];
beforeEach(async () => {
  folder = await temporaryFolder();
  warnings = [];
  stores = openParquetStores(folder.path, { onWarning: (message) => warnings.push(message) });
});
afterEach(async () => folder[Symbol.asyncDispose]());

const results = (): string => join(folder.path, 'results', CONTEXT.prompt, placeIn(folder.path).key);

describe('a data folder that cannot be written', () => {
  it('is named with its path and what to do, whatever is asked of it', async () => {
    const file = join(folder.path, 'a-file');
    await writeFile(file, '');
    for (const root of [file, '/proc/sightline']) {
      const [broken, place] = [openParquetStores(root), placeIn(root)];
      const asked = [
        () => broken.results.ensure(place, CONTEXT.fields),
        () => broken.results.stage(place, CONTEXT, segmentOf(0), 0, rowsBetween(0, 1), null),
        () => broken.manifests.freeze(place, { assets: () => assetsBetween(0, 1) }),
        () => broken.records.claim('run-1', 'execution-a', 'digest'),
        () => broken.records.write(runRecord('run-1', '2026-01-01T00:00:00.000Z', place)),
        () => broken.blobs.put({ a: 1 }, 100),
      ];
      for (const ask of asked) {
        const error: unknown = await ask().catch((caught: unknown) => caught);
        expect(error).toBeInstanceOf(StoreUnavailableError);
        expect(String(error)).toMatch(new RegExp(`${root}.*\\(E[A-Z]+\\)\\. .{20,}`));
      }
    }
  });

  it('is usable again as soon as what stood in its way is gone', async () => {
    const place = placeIn(folder.path);
    await writeFile(join(folder.path, 'results'), '');
    await expect(stores.results.ensure(place, CONTEXT.fields)).rejects.toThrow(
      /A file stands where a folder should be/,
    );
    await rm(join(folder.path, 'results'));
    await stores.results.ensure(place, CONTEXT.fields);
  });

  it('loses nothing when the folder is removed between staging and committing another segment', async () => {
    const place = placeIn(folder.path);
    const receipts = await stageAll(stores.results, place, segmentOf(0), rowsBetween(0, 10));
    await rm(join(results(), 'parts'), { recursive: true, force: true });
    expect(await stores.results.commit(place, CONTEXT, segmentOf(0), receipts)).toMatchObject({ rows: 10 });
  });
});

describe('a disk that is full', () => {
  const tiny = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', '/mnt']).status === 0;

  it.skipIf(!tiny)('is reported as such by the real thing, and the store goes on when there is space', async () => {
    const script = fileURLToPath(new URL('full-disk-process.ts', import.meta.url));
    const mount = 'mount -t tmpfs -o size=400k tmpfs "$1" && exec "$2" "$3" "$1"';
    const out = execFileSync('unshare', ['-rm', 'sh', '-c', mount, 'sh', folder.path, process.execPath, script]);
    expect(JSON.parse(out.toString())).toEqual({
      stage: 'StoreUnavailableError',
      commit: 'StoreUnavailableError',
      freeze: 'StoreUnavailableError',
      temporaryFiles: [],
      rowsAfterwards: 20,
    });
  });
});

describe('staged batches that are not what their receipts say', () => {
  it.each([
    ['missing', (path: string) => rm(path), /is missing/],
    ['truncated', (path: string) => truncate(path, 100), /is not the one of its receipt/],
    ['empty', (path: string) => truncate(path, 0), /is not the one of its receipt/],
    ['exchanged', (path: string) => writeFile(path, '{}\n'), /is not the one of its receipt/],
  ])('are refused when %s, and nothing becomes visible', async (_what, damage, message) => {
    const place = placeIn(folder.path);
    const receipts = await stageAll(stores.results, place, segmentOf(0), rowsBetween(0, 20));
    await damage(join(results(), 'staged', receipts[1]?.ref ?? ''));
    const commit = stores.results.commit(place, CONTEXT, segmentOf(0), receipts);
    await expect(commit).rejects.toThrow(StoreMismatchError);
    await expect(commit).rejects.toThrow(message);
    expect(await stores.results.audit(place)).toMatchObject({ rows: 0 });
  });

  it('are no longer needed once they are visible', async () => {
    const place = placeIn(folder.path);
    const receipts = await stageAll(stores.results, place, segmentOf(0), rowsBetween(0, 20));
    const first = await stores.results.commit(place, CONTEXT, segmentOf(0), receipts);
    await rm(join(results(), 'staged'), { recursive: true });
    expect(await stores.results.commit(place, CONTEXT, segmentOf(0), receipts)).toEqual(first);
  });
});

describe('damaged files', () => {
  it('are named: a part that is gone or damaged, a commit record, an index', async () => {
    const place = placeIn(folder.path);
    const receipts = await stageAll(stores.results, place, segmentOf(0), rowsBetween(0, 10));
    await stores.results.commit(place, CONTEXT, segmentOf(0), receipts);
    await stores.results.rollUp(place, CONTEXT, false);
    const [part = ''] = await readdir(join(results(), 'parts'));
    await truncate(join(results(), 'parts', part), 50);
    await expect(stores.reader.list(place, { limit: 10 })).rejects.toThrow(StoreMismatchError);
    await rm(join(results(), 'parts', part));
    await expect(stores.results.audit(place)).rejects.toThrow(/visible rows is missing/);
    await writeFile(join(results(), 'index', '000001.json'), '{"number":');
    await expect(stores.reader.list(place, { limit: 10 })).rejects.toThrow(/index .*000001\.json is damaged/);
    await writeFile(join(results(), 'commits', 'shard-000000.0001.json'), '');
    await expect(stores.results.visible(place, 0)).rejects.toThrow(/shard-000000\.0001\.json is damaged/);
  });

  it('do not hide other runs from a list of runs: they are left out with a warning', async () => {
    const place = placeIn(folder.path);
    await stores.records.write(runRecord('run-1', '2026-01-01T00:00:00.000Z', place));
    await writeFile(join(folder.path, 'runs', 'run-2.json'), '{"runId":');
    await writeFile(join(folder.path, 'runs', 'run-3.json'), 'null');
    await writeFile(join(folder.path, 'runs', 'notes.txt'), 'hello');
    expect((await stores.records.list()).map(({ runId }) => runId)).toEqual(['run-1']);
    expect(warnings.toSorted()).toEqual([
      expect.stringMatching(/run-2.*damaged/),
      expect.stringMatching(/run-3.*no run record/),
    ]);
    await expect(stores.records.read('run-2')).rejects.toThrow(/run-2\.json is damaged/);
  });

  it('are found out: a blob that is not what its name says', async () => {
    const name = await stores.blobs.put({ a: 1 }, 100);
    if (!name.ok) throw new Error('not kept');
    await writeFile(join(folder.path, 'blobs', name.value.slice(0, 2), `${name.value}.json`), '{"a":2}');
    await expect(stores.blobs.get(name.value)).rejects.toThrow(/damaged/);
  });

  it('are found out: a manifest that has lost its file or its note', async () => {
    const place = placeIn(folder.path);
    const ref = await stores.manifests.freeze(place, {
      assets: async function* (onReject) {
        const original = { columns: ['id'], cells: ['x'] };
        for (const kind of ['bad', 'bad', 'duplicate'] as const) onReject({ line: 7, kind, reason: 'no id', original });
        yield* assetsBetween(0, 10);
      },
    });
    expect(ref).toMatchObject({ rejected: 3, duplicates: 1, rejects: expect.stringMatching(/\.rejects\.csv$/) });
    await rm(join(folder.path, 'manifests', `${place.key}.json`));
    expect(await stores.manifests.find(place)).toEqual(ref);
    await rm(join(folder.path, ref.uri));
    await expect(stores.manifests.read(place, ref, [{ start: 0, end: 1 }])).rejects.toThrow(/is missing/);
  });
});

describe('names that would leave the data folder', () => {
  it('are refused', async () => {
    const place = placeIn(folder.path);
    await expect(stores.results.ensure({ ...place, prompt: '../x' }, CONTEXT.fields)).rejects.toThrow(
      StoreMismatchError,
    );
    await expect(stores.results.ensure({ ...place, key: 'a/b' }, CONTEXT.fields)).rejects.toThrow(StoreMismatchError);
    const stage = stores.results.stage(place, CONTEXT, segmentOf(0, '../../x'), 0, rowsBetween(0, 1), null);
    await expect(stage).rejects.toThrow(StoreMismatchError);
    expect(await readdir(folder.path)).toEqual([]);
  });
});
