import { expect, test } from 'vitest';
import type { BigQuerySpec } from '../../contracts/source.ts';
import type { BigQueryReads } from '../../sources/bigquery-reads.ts';
import { SourceError } from '../../sources/ports.ts';
import { findStreetQueries, readStreetFacts } from '../../sources/street-facts.ts';

const SPEC: BigQuerySpec = {
  kind: 'bigquery',
  path: 'bq://my-project.street.latest_observations',
  grouping: 'observations',
};

const READS: BigQueryReads = {
  look: async () => ({ columns: ['snapshot_id', 'creation_time'], canTravel: true, endsAt: null }),
  check: async () => '2026-11-30T00:00:00.000Z',
  bytesOf: async () => 0,
  first: async () => [],
  async *rows() {
    yield [{ snapshot_id: 'newest', made_ms: Date.parse('2026-11-01') }];
  },
};

const factsOf = async (reads: Partial<BigQueryReads>, spec = SPEC) => {
  const all = { ...READS, ...reads };
  return readStreetFacts(all, spec, await findStreetQueries(all, spec));
};
const failing = (failure: SourceError['failure']) => async (): Promise<never> => {
  throw new SourceError(failure, 'no');
};

test('a snapshot ends 35 days after it was made', async () => {
  expect(await factsOf({})).toMatchObject({ snapshot: { id: 'newest', endsAt: '2026-12-06T00:00:00.000Z' } });
});

test.each<[string, Partial<BigQueryReads>]>([
  ['may not be seen', { look: failing('InvalidRequest') }],
  ['would read more than allowed', { check: failing('InvalidRequest') }],
  [
    'may not be read',
    {
      async *rows() {
        yield await failing('InvalidRequest')();
      },
    },
  ],
  ['does not have the snapshot', { async *rows() {} }],
])('nothing is said where the table %s', async (_, reads) => {
  expect(await factsOf(reads)).toEqual({});
});

test('a server that is away is asked again, not taken for one that has nothing', async () => {
  await expect(factsOf({ look: failing('SourceUnavailable') })).rejects.toThrow(SourceError);
});

test('nothing is asked beside rows, or a query', async () => {
  const look = failing('SourceUnavailable');
  expect(await factsOf({ look }, { ...SPEC, grouping: 'none' })).toEqual({});
  expect(await factsOf({ look }, { ...SPEC, path: 'bq://my-project', query: 'SELECT 1' })).toEqual({});
});
