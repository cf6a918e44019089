/** Starts a run over a folder of images, waits for it, and prints what came out: `node examples/start-a-run.ts photos` */
import { resolve } from 'node:path';
import { connectSightline } from '../client/main.ts';

const [folder = 'photos'] = process.argv.slice(2);
// Needs a server and a worker: `npx sightline dev` in another terminal. TEMPORAL_ADDRESS and SIGHTLINE_DATA_DIR are respected.
await using sightline = connectSightline();
const runId = await sightline.start({ source: resolve(folder), prompt: 'photo-quality' });

const run = await sightline.wait(runId, {
  timeoutMs: 10 * 60_000,
  onProgress: ({ state, counts }) => console.error(`${state}: ${counts.succeeded} of ${counts.total}`),
});

console.log(run.state, run.counts);
for (const row of await sightline.results(runId, { limit: 2 })) {
  console.log(row['asset_id'], row['outcome'], row['usable'], row['issues']);
}
