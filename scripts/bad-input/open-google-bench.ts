import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFaultProxy } from '../../fake-google/fault-proxy/start-fault-proxy.ts';
import { startGemini } from '../../fake-google/gemini/start-gemini.ts';
import { startBigQuery } from '../../fake-google/start-bigquery.ts';
import { startStorage } from '../../fake-google/start-storage.ts';
import { startRig } from '../../tests/support/rig.ts';
import { bigQueryClient } from '../../tests/support/google-clients.ts';
import type { BadGroup } from './bad-case.ts';
import { googleGroup } from './google-cases.ts';

export interface OpenGoogleBench extends AsyncDisposable {
  readonly group: BadGroup;
  /** Flags for every command line. */
  readonly places: readonly string[];
}

/** Servers that stand in for Google Cloud, with a table to read, and a Temporal server for runs over them. */
export async function openGoogleBench(): Promise<OpenGoogleBench> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sightline-bad-google-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const [bucketsFolder, dataFolder] = [join(folder, 'buckets'), join(folder, 'bigquery')];
  for (const path of [bucketsFolder, dataFolder]) await mkdir(path);
  const bigQuery = started.use(await startBigQuery({ dataFolder, bucketsFolder }));
  const storage = started.use(await startStorage({ bucketsFolder }));
  const gemini = started.use(await startGemini());
  const proxy = started.use(await startFaultProxy(bigQuery));
  const rig = started.adopt(await startRig(), (each) => each.close());
  const client = bigQueryClient(bigQuery.url);
  for (const dataset of ['assets', 'results']) await client.createDataset(dataset);
  await client.query("CREATE TABLE assets.poles AS SELECT 'a' AS id, 'gs://photos/a.jpg' AS image");
  const kept = started.move();
  return {
    group: googleGroup({ rig, proxy, gemini, storageUrl: storage.url }),
    places: ['--address', rig.server.address, '--data-dir', rig.settings.dataDir],
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
