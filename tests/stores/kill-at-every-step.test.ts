import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import type { RunPlace } from '../../contracts/run.ts';
import { openParquetStores } from '../../stores/index.ts';
import type { Stores } from '../../stores/index.ts';
import { StoreUnavailableError } from '../../stores/ports.ts';
import {
  CONTEXT,
  assetsBetween,
  placeIn,
  rowsBetween,
  runRecord,
  segmentOf,
  stageAll,
} from '../suites/store-samples.ts';
import { KilledError, openKilledStores } from './killed-store.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { storeFolder } from '../../stores/run-place.ts';

const triesAtOnce = pLimit(6);

interface Scenario {
  /** What is there before. */
  prepare(stores: Stores, place: RunPlace): Promise<void>;
  /** What is stopped, and repeated. */
  act(stores: Stores, place: RunPlace): Promise<void>;
  /** What has to hold after the repetition. */
  check(stores: Stores, place: RunPlace): Promise<void>;
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'staging and committing two segments': {
    prepare: async (stores, place) => stores.results.ensure(place, CONTEXT.fields),
    act: async (stores, place) => {
      await commitRows(stores, place, 0, 0, 20);
      await commitRows(stores, place, 1, 20, 30);
    },
    check: async (stores, place) => expectRows(stores, place, 30),
  },
  'committing what another execution has committed in part': {
    prepare: async (stores, place) => commitRows(stores, place, 0, 0, 10),
    act: async (stores, place) => commitRows(stores, place, 0, 5, 20, 'execution-b'),
    check: async (stores, place) => expectRows(stores, place, 20),
  },
  'rolling up': {
    prepare: async (stores, place) => {
      for (let shard = 0; shard < 3; shard++) await commitRows(stores, place, shard, shard * 10, shard * 10 + 10);
      await stores.results.rollUp(place, CONTEXT, false);
      await commitRows(stores, place, 3, 30, 40);
    },
    act: async (stores, place) => stores.results.rollUp(place, CONTEXT, false),
    check: async (stores, place) => expectRows(stores, place, 40),
  },
  'the final roll-up': {
    prepare: async (stores, place) => {
      for (let shard = 0; shard < 3; shard++) await commitRows(stores, place, shard, shard * 10, shard * 10 + 10);
      await stageAll(stores.results, place, segmentOf(2, 'killed'), rowsBetween(20, 30));
      await stores.results.rollUp(place, CONTEXT, false);
    },
    act: async (stores, place) => {
      await commitRows(stores, place, 3, 30, 40);
      await stores.results.rollUp(place, CONTEXT, true);
    },
    check: async (stores, place) => {
      await expectRows(stores, place, 40);
      await expectFinal(stores, place);
    },
  },
  'freezing a manifest': {
    prepare: () => Promise.resolve(),
    act: async (stores, place) => {
      await stores.manifests.freeze(place, { assets: () => assetsBetween(0, 20) });
    },
    check: async (stores, place) => {
      const ref = await stores.manifests.find(place);
      expect(ref?.rows).toBe(20);
      if (ref) expect(await stores.manifests.read(place, ref, [{ start: 0, end: 20 }])).toHaveLength(20);
      expect((await readdir(join(storeFolder(place.store), 'manifests'))).toSorted()).toEqual([
        `${place.key}.json`,
        `${place.key}.parquet`,
      ]);
    },
  },
  'dropping a manifest': {
    prepare: async (stores, place) => {
      await stores.manifests.freeze(place, { assets: () => assetsBetween(0, 20) });
    },
    act: async (stores, place) => stores.manifests.drop(place),
    check: async (stores, place) => expect(await stores.manifests.find(place)).toBeUndefined(),
  },
  'claiming an id and keeping records and blobs': {
    prepare: () => Promise.resolve(),
    act: async (stores, place) => {
      expect(await stores.records.claim('run-1', 'execution-a', 'digest')).toBe(true);
      await stores.records.write(runRecord('run-1', '2026-01-01T00:00:00.000Z', place));
      expect(await stores.blobs.put({ a: 1 }, 100)).toMatchObject({ ok: true });
    },
    check: async (stores) => {
      expect(await stores.records.claim('run-1', 'execution-b', 'digest')).toBe(false);
      expect(await stores.records.list()).toHaveLength(1);
    },
  },
};

describe.each(Object.entries(SCENARIOS))('%s', (_name, scenario) => {
  it('can be killed before and after every step and is complete when repeated', async () => {
    const steps = await attempt(Infinity);
    await Promise.all(Array.from({ length: steps }, (_, at) => triesAtOnce(() => attempt(at))));
    expect(steps).toBeGreaterThan(3);

    /** Returns how many checkpoints were passed. */
    async function attempt(at: number): Promise<number> {
      await using folder = await temporaryFolder();
      const [stores, place] = [openParquetStores(folder.path), placeIn(folder.path)];
      await scenario.prepare(stores, place);
      const killed = openKilledStores(folder.path, at);
      const error: unknown = await scenario.act(killed.stores, place).catch((caught: unknown) => caught);
      if (at < Infinity) expect(error).toBeInstanceOf(KilledError);
      const fresh = openParquetStores(folder.path);
      await scenario.act(fresh, place);
      await scenario.check(fresh, place);
      return killed.passed.length;
    }
  }, 60_000);

  it('says that the disk is full at whatever step it fills up, and is complete when repeated', async () => {
    const steps = await attempt(Infinity);
    const refused = await Promise.all(Array.from({ length: steps }, (_, at) => triesAtOnce(() => attempt(at))));
    expect(refused).toContain(-1);

    /** Returns how many steps were begun, or -1 when the full disk was reported. */
    async function attempt(at: number): Promise<number> {
      await using folder = await temporaryFolder();
      const place = placeIn(folder.path);
      await scenario.prepare(openParquetStores(folder.path), place);
      let [begun, full] = [0, true];
      const stores = openParquetStores(folder.path, {
        checkpoint: (name) => {
          if (!full || !name.endsWith(': before') || begun++ !== at) return;
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        },
      });
      const error: unknown = await scenario.act(stores, place).catch((caught: unknown) => caught);
      full = false;
      if (error !== undefined) {
        expect(error).toBeInstanceOf(StoreUnavailableError);
        expect((error as Error).message).toMatch(/ENOSPC.*Free space/);
      }
      await scenario.act(stores, place);
      await scenario.check(stores, place);
      return error === undefined ? begun : -1;
    }
  }, 60_000);
});

async function commitRows(
  stores: Stores,
  place: RunPlace,
  shard: number,
  start: number,
  end: number,
  execution?: string,
) {
  const segment = segmentOf(shard, execution);
  const receipts = await stageAll(stores.results, place, segment, rowsBetween(start, end));
  await stores.results.commit(place, CONTEXT, segment, receipts);
}

async function expectRows(stores: Stores, place: RunPlace, rows: number): Promise<void> {
  const listed = await stores.reader.list(place, { limit: 10_000 });
  expect(listed.map((row) => row['row_number'])).toEqual(Array.from({ length: rows }, (_, row) => row));
  expect(await stores.results.audit(place)).toMatchObject({ rows, repeated: 0 });
  let counted = 0;
  for (let shard = 0; shard < 4; shard++) {
    const { tally } = await stores.results.visible(place, shard);
    counted += tally.counts.succeeded + tally.counts.failed;
  }
  expect(counted).toBe(rows);
}

async function expectFinal(stores: Stores, place: RunPlace): Promise<void> {
  const results = join(storeFolder(place.store), 'results', place.prompt, place.key);
  const parts = (await readdir(join(results, 'parts'))).map((name) => join(results, 'parts', name));
  expect(parts.toSorted()).toEqual([...(await stores.reader.files(place))].toSorted());
  expect(await readdir(join(results, 'staged'))).toEqual([]);
}
