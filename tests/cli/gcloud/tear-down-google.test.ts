import { describe, expect, it } from 'vitest';
import { callText, type GoogleAnswer } from '../../../cli/gcloud/google-call.ts';
import { GOOGLE_ENDPOINTS } from '../../../cli/gcloud/google-endpoints.ts';
import { planSetUp, setUp, type SetUpResult } from '../../../cli/gcloud/set-up-google.ts';
import { planTearDown, TearDownRefused } from '../../../cli/gcloud/tear-down-google.ts';
import { expectGolden } from '../../support/golden.ts';
import { answer, recordedGoogle, refusal } from './recorded-google.ts';

const TABLES = [
  'sightline_runs',
  'sightline_manifest_a_1',
  'somebody_elses',
  'sightline_road_sign',
  'sightline_staging_b_2',
];

const WHERE = { project: 'my-project', dataset: 'results', endpoints: GOOGLE_ENDPOINTS, underWay: [], all: false };

function plan(results: readonly string[], google = recordedGoogle([listing(TABLES)])) {
  return planTearDown({ ...WHERE, results, call: google.call });
}

/** What runs into the dataset have left in a bucket. */
function objects(...names: readonly string[]) {
  const items = names.map((name) => ({ name: `sightline/my-project.results/${name}` }));
  return ['/o?prefix=sightline%2Fmy-project.results%2F', answer({ items })] as const;
}

function listing(names: readonly string[], more: { readonly nextPageToken?: string } = {}) {
  return ['/tables?', answer({ tables: names.map((tableId) => ({ tableReference: { tableId } })), ...more })] as const;
}

describe('a tear-down', () => {
  it('removes what only runs under way need, keeps results, and leaves what is not ours alone', async () => {
    const google = recordedGoogle([listing(TABLES)]);
    const { removed, kept } = await plan([], google);
    expect(removed.map(({ name }) => name)).toEqual(['sightline_manifest_a_1', 'sightline_staging_b_2']);
    expect(kept).toEqual(['sightline_runs', 'sightline_road_sign']);
    await expectGolden(
      'gcloud-teardown-calls',
      `${[...google.lines(), ...removed.map(({ call }) => callText(call))].join('\n')}\n`,
    );
  });

  it('removes results whose whole name was typed, and nothing on a slip', async () => {
    expect((await plan(['sightline_road_sign'])).removed.map(({ name }) => name)).toContain('sightline_road_sign');
    expect(await plan(['road_sign'])).toMatchObject({
      unknown: ['road_sign'],
      kept: ['sightline_runs', 'sightline_road_sign'],
    });
    expect(await plan(['somebody_elses'])).toMatchObject({ unknown: ['somebody_elses'] });
  });

  it.each(['sightline_runs', 'sightline_blobs'])(
    'keeps what is kept of all runs, though its name was typed: %s',
    async (name) => {
      const { removed, kept, refused } = await plan([name], recordedGoogle([listing([name, 'sightline_road_sign'])]));
      expect({ removed, kept, refused }).toEqual({ removed: [], kept: [name, 'sightline_road_sign'], refused: [name] });
    },
  );

  it('removes what rows that were loaded have left in the bucket that is named, and nothing of another dataset or project', async () => {
    const google = recordedGoogle([listing([]), objects('a-1/commits/shard-000000.0001.json')]);
    const { removed } = await planTearDown({ ...WHERE, bucket: 'my-rows', results: [], call: google.call });
    expect(removed).toEqual([
      {
        name: 'gs://my-rows/sightline/my-project.results/a-1/commits/shard-000000.0001.json',
        call: {
          method: 'DELETE',
          url: 'https://storage.googleapis.com/storage/v1/b/my-rows/o/sightline%2Fmy-project.results%2Fa-1%2Fcommits%2Fshard-000000.0001.json',
        },
      },
    ]);
  });

  it('leaves alone what runs under way need, and not what runs have whose names begin alike', async () => {
    const [mine, other, longer] = ['a_b_0123456789', 'a_0123456789', 'a_b_c_0123456789'];
    const tables = [mine, other, longer].flatMap((key) => [
      `sightline_manifest_${key}`,
      `sightline_manifest_${key}_abcdef0123_rejects`,
      `sightline_staging_${key}_1`,
    ]);
    const names = [mine, other, longer].map((key) => `${key.replaceAll('_', '-')}/commits/shard-000000.0001.json`);
    const google = recordedGoogle([listing(tables), objects(...names)]);
    const found = await planTearDown({ ...WHERE, bucket: 'rows', results: [], underWay: ['a-b'], call: google.call });
    expect(found.removed).toHaveLength(8);
    expect(found.removed.filter(({ name }) => /a.b.0123456789/.test(name))).toEqual([]);
    expect(found.underWay).toEqual(['a-b']);
    expect(found.kept).toEqual([]);
  });

  it('leaves alone what runs may need of which nobody knows whether they have ended, and tells them apart', async () => {
    const tables = ['a', 'b', 'c'].map((run) => `sightline_manifest_${run}_0123456789`);
    const google = recordedGoogle([listing(tables)]);
    const input = { ...WHERE, results: [], underWay: ['a'], unended: ['a', 'b', 'gone'], call: google.call };
    const { removed, underWay, unended } = await planTearDown(input);
    expect(removed.map(({ name }) => name)).toEqual(['sightline_manifest_c_0123456789']);
    expect({ underWay, unended }).toEqual({ underWay: ['a'], unended: ['b'] });
  });

  it('keeps rows that no table has, with what tells which of them count, unless all is to go', async () => {
    const names = ['a-0123456789/parts/shard-000000.x.0.y.jsonl', 'a-0123456789/commits/shard-000000.0001.json'];
    const probe = 'b-0123456789/parts/probe.jsonl';
    const google = recordedGoogle([listing([]), objects(...names, probe)]);
    const input = { ...WHERE, bucket: 'rows', results: [], call: google.call };
    const kept = await planTearDown(input);
    expect(kept.removed.map(({ name }) => name)).toEqual([`gs://rows/sightline/my-project.results/${probe}`]);
    expect(kept.unloaded).toEqual(['gs://rows/sightline/my-project.results/a-0123456789']);
    const all = await planTearDown({ ...input, all: true });
    expect(all).toMatchObject({ removed: { length: 3 }, unloaded: [] });
  });

  it('looks at all pages of a long list', async () => {
    const pages = [
      ['pageToken=next', listing(['sightline_manifest_b_2'])[1]] as const,
      listing(['sightline_manifest_a_1'], { nextPageToken: 'next' }),
    ];
    expect((await plan([], recordedGoogle(pages))).removed).toHaveLength(2);
  });

  it('says what Google says when it may not look', async () => {
    const google = recordedGoogle([['/tables?', refusal(404, 'Not found: Dataset my-project:results')]]);
    await expect(plan([], google)).rejects.toThrow(new TearDownRefused('Not found: Dataset my-project:results'));
  });
});

describe('a set-up', () => {
  it('makes these calls', async () => {
    const place = { project: 'my-project', dataset: 'results', location: 'EU', bucket: 'my-images' };
    const steps = planSetUp({ ...place, endpoints: GOOGLE_ENDPOINTS });
    await expectGolden('gcloud-setup-calls', `${steps.map(({ call }) => callText(call)).join('\n')}\n`);
  });

  it.each([
    ['there, where it is wanted', answer({ location: 'eu' }), { state: 'there' }],
    [
      'there for good in another place',
      answer({ location: 'US' }),
      {
        state: 'refused',
        why: 'it is there already, in US, for good',
        fix: 'Name --location US, or choose another name for the bucket.',
      },
    ],
    [
      "somebody else's",
      refusal(403, 'me does not have storage.buckets.get access'),
      {
        state: 'refused',
        why: 'the name is taken, and what has it is not yours: me does not have storage.buckets.get access',
        fix: 'Choose another name.',
      },
    ],
  ])('looks at what has the name already: %s', async (_title, found, result) => {
    const place = { project: 'my-project', dataset: 'results', location: 'EU', bucket: 'my-images' };
    const [, bucket] = planSetUp({ ...place, endpoints: GOOGLE_ENDPOINTS });
    const google = recordedGoogle([
      ['POST', refusal(409, 'The requested bucket name is not available')],
      ['GET https://storage.googleapis.com/storage/v1/b/my-images', found],
    ]);
    expect(bucket && (await setUp(bucket, google.call))).toEqual(result);
  });

  it('makes no bucket where none is named', () => {
    const place = { project: 'my-project', dataset: 'results', location: 'EU', endpoints: GOOGLE_ENDPOINTS };
    const made = planSetUp(place).map(({ what }) => what);
    expect(made).toEqual(['dataset results in EU', 'table sightline_runs', 'table sightline_blobs']);
  });

  it.each<[title: string, found: GoogleAnswer, made: GoogleAnswer, result: SetUpResult, calls: number]>([
    ['there', answer({ type: 'TABLE' }), answer({ jobComplete: true }), { state: 'there' }, 1],
    ['not there', refusal(404, 'Not found: Table'), answer({ jobComplete: true }), { state: 'made' }, 2],
    [
      'not to be seen',
      refusal(403, 'Permission bigquery.tables.get denied'),
      answer({ jobComplete: true }),
      { state: 'refused', why: 'Permission bigquery.tables.get denied' },
      1,
    ],
    [
      'not made within the time of an answer',
      refusal(404, 'Not found: Table'),
      answer({ jobComplete: false }),
      { state: 'refused', why: 'BigQuery has not finished it yet', fix: 'Type the same again.' },
      2,
    ],
  ])(
    'looks for a table before it makes it, which would not say whether it was there: %s',
    async (_, found, made, result, calls) => {
      const place = { project: 'my-project', dataset: 'results', location: 'EU', endpoints: GOOGLE_ENDPOINTS };
      const [, table] = planSetUp(place);
      const google = recordedGoogle([
        ['GET https://bigquery.googleapis.com/bigquery/v2/projects/my-project/datasets/results/tables/', found],
        ['CREATE TABLE IF NOT EXISTS', made],
      ]);
      expect(table && (await setUp(table, google.call))).toEqual(result);
      expect(google.lines()).toHaveLength(calls);
    },
  );
});
