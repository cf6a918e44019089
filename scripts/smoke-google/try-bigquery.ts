import { createBigQueryReads } from '../../sources/bigquery-reads.ts';
import type { SmokeBench } from './smoke-bench.ts';

const READ_BYTES_CAP = 1;

/** A query over a table of one row is priced, and refused under a cap below that. */
export async function tryPrice(bench: SmokeBench): Promise<string> {
  const client = await bench.bigQuery();
  const { dataset } = bench.store;
  const table = `\`${bench.project}.${dataset}.priced\``;
  await client.query({ query: `CREATE TABLE ${table} AS SELECT 'a' AS text`, location: bench.location });
  const reads = createBigQueryReads(() => Promise.resolve(client), bench.project);
  const spec = { kind: 'bigquery', path: `bq://${bench.project}.${dataset}.priced` } as const;
  const bytes = await reads.bytesOf(spec, [`SELECT text FROM ${table}`]);
  if (bytes === 0) throw new Error('A query that reads a column of text is said to read no byte.');
  const refused = await messageOf(
    client.query({ query: `SELECT text FROM ${table}`, maximumBytesBilled: String(READ_BYTES_CAP) }),
  );
  if (!/bytes billed/i.test(refused)) throw new Error(`A query over its cap was not refused for it: ${refused}`);
  return `A plan says ${bytes} bytes, and a cap of ${READ_BYTES_CAP} refuses the query: ${refused}`;
}

export async function tryLocations(bench: SmokeBench): Promise<string> {
  const client = await bench.bigQuery();
  const elsewhere = /^eu/i.test(bench.location) ? 'US' : 'EU';
  const query = `SELECT COUNT(*) AS found FROM \`${bench.project}.${bench.store.dataset}.priced\``;
  const refused = await messageOf(client.query({ query, location: elsewhere }));
  if (!/not found in location/i.test(refused)) {
    throw new Error(`A query in ${elsewhere} over a dataset in ${bench.location} was not refused for it: ${refused}`);
  }
  await client.query({ query });
  return `A query in ${elsewhere} is refused, and without a location it runs where the data is.`;
}

export async function tryRepeatedJob(bench: SmokeBench): Promise<string> {
  const client = await bench.bigQuery();
  const jobId = `${bench.store.dataset}_once`;
  const job = { jobId, location: bench.location, configuration: { query: { query: 'SELECT 1', useLegacySql: false } } };
  await client.createJob(job);
  const code: unknown = await client.createJob(job).then(
    () => 'done again',
    (error: { readonly code?: unknown }) => error.code,
  );
  if (code !== 409) throw new Error(`A job id that was used is answered with ${String(code)}, not with 409.`);
  const [metadata] = await client.job(jobId, { location: bench.location }).getMetadata();
  const { configuration } = metadata as { readonly configuration?: { readonly query?: { readonly query?: string } } };
  if (configuration?.query?.query !== 'SELECT 1') throw new Error('A job does not tell what it was asked.');
  return 'A job id that was used is answered with 409, and the job tells what it was asked.';
}

/** Asks the views over the rows of `tryRows`. */
export async function tryViews(bench: SmokeBench): Promise<string> {
  const client = await bench.bigQuery();
  const counts: string[] = [];
  for (const view of ['sightline_smoke_latest', 'sightline_smoke_by_gcs_uris']) {
    const query = `SELECT COUNT(*) AS found FROM \`${bench.project}.${bench.store.dataset}.${view}\``;
    const [[row]] = (await client.query({ query })) as unknown as [readonly { readonly found: number }[]];
    counts.push(`${view} has ${row?.found}`);
    if (row?.found !== 3) throw new Error(`The view ${view} shows ${row?.found} of 3 rows.`);
  }
  return `The views show all rows: ${counts.join(', ')}.`;
}

async function messageOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
    return 'it ran';
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}
