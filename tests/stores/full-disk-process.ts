/** Fills the small disk that it is given, says what the stores make of it, frees it and goes on: `node full-disk-process.ts <folder>`. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openParquetStores } from '../../stores/index.ts';
import { CONTEXT, assetsBetween, placeIn, rowsBetween, segmentOf, stageAll } from '../suites/store-samples.ts';

const folder = process.argv[2] ?? '';
const [stores, place] = [openParquetStores(folder), placeIn(folder)];
const ballast = join(folder, 'ballast');
const failureOf = (action: Promise<unknown>): Promise<string> =>
  action.then(
    () => 'none',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );

await stores.results.ensure(place, CONTEXT.fields);
const receipts = await stageAll(stores.results, place, segmentOf(0), rowsBetween(0, 20));
await fill();
const stage = await failureOf(stores.results.stage(place, CONTEXT, segmentOf(1), 0, rowsBetween(20, 120), null));
const commit = await failureOf(stores.results.commit(place, CONTEXT, segmentOf(0), receipts));
const freeze = await failureOf(stores.manifests.freeze(place, { assets: () => assetsBetween(0, 5000) }));
const temporaryFiles = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tmp'));
await rm(ballast);
const { rows } = await stores.results.commit(place, CONTEXT, segmentOf(0), receipts);
process.stdout.write(JSON.stringify({ stage, commit, freeze, temporaryFiles, rowsAfterwards: rows }));

async function fill(): Promise<void> {
  for (let size = 400; size > 0; size--) {
    const failure = await failureOf(writeFile(ballast, Buffer.alloc(size * 1024)));
    if (failure === 'none') return;
  }
}
