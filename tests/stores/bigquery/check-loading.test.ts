import { describe, expect, test } from 'vitest';
import type { RunPlace } from '../../../contracts/run.ts';
import { checkLoading } from '../../../stores/bigquery/check-loading.ts';
import type { StoreDataset } from '../../../stores/bigquery/dataset.ts';
import type { BucketFolder, LoadBucket } from '../../../stores/bigquery/load-bucket.ts';
import { StoreRefusedError, StoreUnavailableError } from '../../../stores/ports.ts';

const ELSEWHERE = 'Cannot read and write in different locations: source: US, destination: EU';
const PLACE: RunPlace = {
  store: { kind: 'bigquery', project: 'my-project', dataset: 'results', mode: 'load', bucket: 'my-rows' },
  key: 'my-run-0a1b',
  prompt: 'poles',
};

/** What the stand-in cannot show: it has no locations. `answers`: to each load job in turn, its failure or null. */
function open(answers: readonly (object | null)[]) {
  const [jobs, objects, tables] = [new Map<string, object | null>(), new Set<string>(), new Set<string>()];
  const notFound = Object.assign(new Error('Not found'), { code: 404 });
  const job = (id: string) => ({
    async getMetadata() {
      const failure = jobs.get(id);
      if (failure === undefined) throw notFound;
      return [{ status: { state: 'DONE', ...(failure && { errorResult: failure }) } }];
    },
  });
  async function createJob({ jobId }: { readonly jobId: string }): Promise<void> {
    if (jobs.has(jobId)) throw Object.assign(new Error('Already exists'), { code: 409 });
    const answer = answers[jobs.size] ?? null;
    if (answer instanceof Error) throw answer;
    jobs.set(jobId, answer);
  }
  const table = (name: string) => ({
    create: async () => void tables.add(name),
    delete: async () => void tables.delete(name),
  });
  const store = {
    connection: { rest: { job, createJob } },
    dataset: { table },
    name: 'results',
    quoted: (name: string) => name,
    location: async () => 'EU',
  };
  const parts = {
    pathOf: (name: string) => `gs://my-rows/${name}`,
    createOnce: async (_step: string, name: string) => Boolean(objects.add(name)),
    remove: async (names: readonly string[]) => names.forEach((name) => objects.delete(name)),
  };
  return {
    jobs,
    left: () => [...objects, ...tables],
    check: () =>
      checkLoading(
        store as unknown as StoreDataset,
        { name: 'my-rows' } as LoadBucket,
        parts as unknown as BucketFolder,
        PLACE,
      ),
  };
}

describe('whether BigQuery loads from a bucket', () => {
  test('is tried by one load job for each run, which leaves nothing', async () => {
    const { check, jobs, left } = open([]);
    await check();
    await check();
    expect([...jobs.keys()]).toEqual(['sightline_results_my-run-0a1b_load_probe_a1']);
    expect(left()).toEqual([]);
  });

  test.each([
    ['fails', { reason: 'invalid', message: ELSEWHERE }],
    ['is refused', Object.assign(new Error(ELSEWHERE), { code: 400, errors: [{ reason: 'invalid' }] })],
  ])('is answered with the fix where the bucket is elsewhere and the job %s', async (_title, answer) => {
    const checking = open([answer]).check();
    await expect(checking).rejects.toThrow(StoreRefusedError);
    await expect(checking).rejects.toThrow(
      `BigQuery does not load rows from gs://my-rows: ${ELSEWHERE}. Name a bucket in the dataset's location, EU, that the worker may read and write.`,
    );
  });

  test('is answered with the fix where BigQuery may not read the objects', async () => {
    const denied = { reason: 'accessDenied', message: 'Access Denied: File gs://my-rows/probe.jsonl.' };
    await expect(open([denied]).check()).rejects.toThrow(/Access Denied: File.*Name a bucket/);
  });

  test('is asked again when the job fails for a moment', async () => {
    const { check, jobs } = open([{ reason: 'backendError', message: 'Try again' }]);
    await check();
    expect(jobs.size).toBe(2);
  });

  test('stays open when the job fails again and again', async () => {
    const failure = { reason: 'backendError', message: 'Try again' };
    await expect(open(Array.from({ length: 20 }, () => failure)).check()).rejects.toThrow(StoreUnavailableError);
  });
});
