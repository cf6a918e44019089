/**
 * A process of its own that freezes a manifest and stages and commits shards:
 * `node store-process.ts <folder> <execution id> <shards>`. Prints one line of JSON for each thing it has done.
 */
import { openParquetStores } from '../../stores/index.ts';
import { CONTEXT, assetsBetween, placeIn, rowsBetween, segmentOf, stageAll } from '../suites/store-samples.ts';

const [folder = '', executionId = '', shards = '0'] = process.argv.slice(2);
const [stores, place] = [openParquetStores(folder), placeIn(folder)];
const say = (value: unknown): boolean => process.stdout.write(`${JSON.stringify(value)}\n`);

say(await stores.manifests.freeze(place, { assets: () => assetsBetween(0, Number(shards) * 20) }));
await stores.results.ensure(place, CONTEXT.fields);
for (let shard = 0; shard < Number(shards); shard++) {
  const segment = segmentOf(shard, executionId);
  const receipts = await stageAll(stores.results, place, segment, rowsBetween(shard * 20, shard * 20 + 20));
  say(await stores.results.commit(place, CONTEXT, segment, receipts));
  if (shard % 4 === 3) await stores.results.rollUp(place, CONTEXT, false);
}
