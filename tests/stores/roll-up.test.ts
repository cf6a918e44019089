import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunPlace } from '../../contracts/run.ts';
import { openParquetStores } from '../../stores/index.ts';
import type { Stores } from '../../stores/index.ts';
import { CONTEXT, placeIn, rowAt, rowsBetween, segmentOf, stageAll } from '../suites/store-samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let stores: Stores;
let place: RunPlace;
beforeEach(async () => {
  folder = await temporaryFolder();
  stores = openParquetStores(folder.path);
  place = placeIn(folder.path);
});
afterEach(async () => folder[Symbol.asyncDispose]());

const partsFolder = (): string => join(folder.path, 'results', place.prompt, place.key, 'parts');

describe('a roll-up', () => {
  it('joins the parts of a hundred shards into one file', async () => {
    for (let shard = 0; shard < 100; shard++) await commitShard(stores, shard);
    expect(await stores.reader.files(place)).toHaveLength(100);
    await stores.results.rollUp(place, CONTEXT, false);
    expect(await stores.reader.files(place)).toHaveLength(1);
    await expectShards(100);
  });

  it('leaves a result that any Parquet reader takes as the folder with a star', async () => {
    for (let shard = 0; shard < 3; shard++) await commitShard(stores, shard);
    await stores.results.rollUp(place, CONTEXT, false);
    await commitShard(stores, 3);
    await stageAll(stores.results, place, segmentOf(4, 'never-committed'), rowsBetween(40, 50));
    await writeFile(join(partsFolder(), 'shard-000009.orphan.0.aa.parquet.bb.tmp'), 'half a part');
    await stores.results.rollUp(place, CONTEXT, true);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const sql = `SELECT count(*)::INT, count(DISTINCT row_number)::INT FROM read_parquet('${partsFolder()}/*.parquet')`;
    expect((await connection.runAndReadAll(sql)).getRowsJS()).toEqual([[40, 40]]);
    connection.closeSync();
    expect((await readdir(partsFolder())).map((name) => join(partsFolder(), name))).toEqual(
      await stores.reader.files(place),
    );
  });

  it('changes nothing for readers while four of them run at once', async () => {
    for (let shard = 0; shard < 20; shard++) await commitShard(stores, shard);
    const reads = Array.from({ length: 8 }, () => expectShards(20));
    const rollUps = [false, true, false, true].map((final) =>
      openParquetStores(folder.path).results.rollUp(place, CONTEXT, final),
    );
    await Promise.all([...reads, ...rollUps]);
    await expectShards(20);
    await stores.results.rollUp(place, CONTEXT, true);
    expect(await readdir(partsFolder())).toHaveLength(1);
  });

  it('joins rows of 200 KB without running out of memory', async () => {
    const text = 'long '.repeat(40_000);
    for (let shard = 0; shard < 4; shard++) {
      const rows = Array.from({ length: 100 }, (_, at) => rowAt(shard * 100 + at, { findings: { caption: text } }));
      const segment = segmentOf(shard);
      await stores.results.commit(place, CONTEXT, segment, await stageAll(stores.results, place, segment, rows, 25));
    }
    await stores.results.rollUp(place, CONTEXT, true);
    expect(await stores.results.audit(place)).toMatchObject({ rows: 400, repeated: 0 });
    expect((await stores.reader.get(place, 'asset-0000399'))?.['caption']).toBe(text);
  });
});

describe('the final roll-up', () => {
  it('sweeps away the part of a commit that is about to write its record, and that commit still succeeds', async () => {
    await commitShard(stores, 0);
    const late = stopAt('commit record write: before');
    const segment = segmentOf(1);
    const receipts = await stageAll(stores.results, place, segment, rowsBetween(10, 20));
    const commit = late.stores.results.commit(place, CONTEXT, segment, receipts);
    await late.reached;
    // Twice, with a staged batch put back in between: the worst that can happen to the commit.
    await stores.results.rollUp(place, CONTEXT, true);
    expect(await readdir(partsFolder())).toHaveLength(1);
    await stageAll(stores.results, place, segment, rowsBetween(10, 20));
    late.goOn();
    expect(await commit).toEqual({ rows: 10, alreadyVisible: 0 });
    await expectShards(2);
  });

  it('sweeps away the part of another roll-up that is about to write its index, and that roll-up still succeeds', async () => {
    for (let shard = 0; shard < 3; shard++) await commitShard(stores, shard);
    await stores.results.rollUp(place, CONTEXT, true);
    await commitShard(stores, 3);
    const late = stopAt('index write: before');
    const rollUp = late.stores.results.rollUp(place, CONTEXT, false);
    await late.reached;
    await stores.results.rollUp(place, CONTEXT, true);
    late.goOn();
    await rollUp;
    await expectShards(4);
    await stores.results.rollUp(place, CONTEXT, true);
    expect(await readdir(partsFolder())).toHaveLength(1);
  });
});

describe('the clean-up of a final roll-up', () => {
  it('does not break a roll-up that has started after the joining and writes its index after the clean-up', async () => {
    for (let shard = 0; shard < 3; shard++) await commitShard(stores, shard);
    const cleaning = stopAt('index temporary remove: after');
    const final = cleaning.stores.results.rollUp(place, CONTEXT, true);
    await cleaning.reached;
    for (let shard = 3; shard < 5; shard++) await commitShard(stores, shard);
    const late = stopAt('index write: before');
    const rollUp = late.stores.results.rollUp(place, CONTEXT, false);
    await late.reached;
    cleaning.goOn();
    await final;
    late.goOn();
    await rollUp;
    await expectShards(5);
  });
});

/** Stores that wait the first time they come to a checkpoint. */
function stopAt(checkpoint: string) {
  const { promise: reached, resolve: reach } = Promise.withResolvers<undefined>();
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
  const opened = openParquetStores(folder.path, {
    checkpoint: async (name) => {
      if (name !== checkpoint) return;
      reach(undefined);
      await released;
    },
  });
  return { stores: opened, reached, goOn: () => release(undefined) };
}

async function commitShard(to: Stores, shard: number): Promise<void> {
  const segment = segmentOf(shard);
  const receipts = await stageAll(to.results, place, segment, rowsBetween(shard * 10, shard * 10 + 10));
  await to.results.commit(place, CONTEXT, segment, receipts);
}

async function expectShards(shards: number): Promise<void> {
  expect(await stores.results.audit(place)).toMatchObject({ rows: shards * 10, repeated: 0 });
  const rows = await stores.reader.list(place, { limit: 10_000 });
  expect(rows.map((row) => row['row_number'])).toEqual(Array.from({ length: shards * 10 }, (_, row) => row));
}
