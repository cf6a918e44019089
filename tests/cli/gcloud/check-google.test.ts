import { describe, expect, it } from 'vitest';
import { checkGoogle } from '../../../cli/gcloud/check-google.ts';
import type { GoogleAnswer } from '../../../cli/gcloud/google-call.ts';
import { GOOGLE_ENDPOINTS } from '../../../cli/gcloud/google-endpoints.ts';
import { expectGolden } from '../../support/golden.ts';
import { answer, recordedGoogle, refusal } from './recorded-google.ts';

const PLACE = {
  project: 'my-project',
  dataset: 'results',
  source: { project: 'streets', dataset: 'published', table: 'poles' },
  bucket: 'my-images',
};

const SERVICES = ['bigquery', 'bigquerystorage', 'storage', 'aiplatform'].map((name) => ({
  name: `projects/1/services/${name}.googleapis.com`,
  state: 'ENABLED',
}));

/** Everything is there and allowed. */
const FINE: readonly (readonly [string, GoogleAnswer])[] = [
  ['services:batchGet', answer({ services: SERVICES })],
  ['my-project:testIamPermissions', answer({ permissions: ['bigquery.jobs.create', 'aiplatform.endpoints.predict'] })],
  ['/datasets/results', answer({ location: 'EU' })],
  ['/queries', answer({ totalBytesProcessed: '0' })],
  ['/tables/poles:testIam', answer({ permissions: ['bigquery.tables.get', 'bigquery.tables.getData'] })],
  ['/iam/testPermissions', answer({ permissions: ['storage.objects.get', 'storage.objects.list'] })],
];

async function check(rules: typeof FINE) {
  const google = recordedGoogle([...rules, ...FINE]);
  const checks = await checkGoogle({
    place: PLACE,
    endpoints: GOOGLE_ENDPOINTS,
    member: 'serviceAccount:worker@my-project.iam.gserviceaccount.com',
    call: google.call,
    command: (words) => `npx sightline ${words}`,
  });
  return { checks, google, wrong: checks.filter(({ state }) => state !== 'ok') };
}

describe('a look at what Google allows', () => {
  it('finds nothing to mend where everything is given, and makes these calls', async () => {
    const { wrong, google } = await check([]);
    expect(wrong).toEqual([]);
    await expectGolden('gcloud-check-calls', `${google.lines().join('\n')}\n`);
  });

  it.each([
    [
      'an API that is off',
      ['services:batchGet', answer({ services: SERVICES.slice(0, 3) })],
      'aiplatform.googleapis.com',
      /gcloud services enable aiplatform\.googleapis\.com --project my-project/,
    ],
    [
      'a permission of the project',
      ['my-project:testIamPermissions', answer({ permissions: ['bigquery.jobs.create'] })],
      'aiplatform.endpoints.predict',
      /add-iam-policy-binding my-project --member=serviceAccount:worker@\S+ --role=roles\/aiplatform\.user/,
    ],
    [
      'no permission at all, which Google answers with an empty object',
      ['my-project:testIamPermissions', answer({})],
      'bigquery.jobs.create',
      /--role=roles\/bigquery\.jobUser/,
    ],
    [
      'no such dataset',
      ['/datasets/results', refusal(404, 'Not found: Dataset my-project:results')],
      'dataset results',
      /npx sightline gcloud setup --store bq:\/\/my-project\.results --location US/,
    ],
    [
      'a dataset in which nothing may be made',
      ['/queries', refusal(403, 'Permission bigquery.tables.create denied on dataset my-project:results')],
      'dataset results',
      /GRANT `roles\/bigquery\.dataEditor` ON SCHEMA `my-project\.results` TO "serviceAccount:worker@/,
    ],
    [
      'a table that may be seen and not read',
      ['/tables/poles:testIam', answer({ permissions: ['bigquery.tables.get'] })],
      'table published.poles',
      /bq add-iam-policy-binding .* --role=roles\/bigquery\.dataViewer streets:published\.poles/,
    ],
    [
      'a table that is not there',
      ['/tables/poles:testIam', refusal(404, 'Not found: Table streets:published.poles')],
      'table published.poles',
      /^bq ls streets:published$/,
    ],
    [
      'a bucket that is not there',
      ['/iam/testPermissions', refusal(404, 'The specified bucket does not exist.')],
      'bucket my-images',
      /^gcloud storage ls --project=my-project$/,
    ],
    [
      'a bucket that is not ours',
      ['/iam/testPermissions', refusal(403, 'does not have storage.buckets.get access')],
      'bucket my-images',
      /gcloud storage buckets add-iam-policy-binding gs:\/\/my-images .* --role=roles\/storage\.objectViewer/,
    ],
  ] as const)('names %s, and the command that mends it', async (_, rule, name, fix) => {
    const { wrong } = await check([rule]);
    expect(wrong[0]).toMatchObject({ name, state: 'problem', fix: expect.stringMatching(fix) });
  });

  it('goes on where the list of APIs may not be seen', async () => {
    const { wrong } = await check([['services:batchGet', refusal(403, 'Service Usage API has not been used')]]);
    expect(wrong).toEqual([
      expect.objectContaining({
        name: 'apis',
        state: 'warning',
        message: expect.stringContaining('has not been used'),
      }),
    ]);
  });

  it('asks only about what was named', async () => {
    const google = recordedGoogle(FINE);
    const endpoints = GOOGLE_ENDPOINTS;
    const input = { place: { project: 'my-project' }, endpoints, member: 'user:x', call: google.call, command: String };
    await checkGoogle(input);
    expect(google.lines()).toHaveLength(2);
  });

  it('asks for more of a bucket in which rows wait that are loaded', async () => {
    const google = recordedGoogle(FINE);
    const checks = await checkGoogle({
      place: { project: 'my-project', loadBucket: 'my-rows' },
      endpoints: GOOGLE_ENDPOINTS,
      member: 'user:me@example.com',
      call: google.call,
      command: (words) => words,
    });
    expect(checks.at(-1)).toMatchObject({
      name: 'bucket my-rows',
      state: 'problem',
      message: 'Missing: storage.objects.create, storage.objects.delete.',
      fix: expect.stringMatching(/gs:\/\/my-rows .* --role=roles\/storage\.objectUser$/),
    });
  });

  it('shows how to make a bucket for rows that is not there', async () => {
    const google = recordedGoogle([
      ['/iam/testPermissions', refusal(404, 'The specified bucket does not exist.')],
      ...FINE,
    ]);
    const checks = await checkGoogle({
      place: { project: 'my-project', loadBucket: 'my-rows' },
      endpoints: GOOGLE_ENDPOINTS,
      member: 'user:me@example.com',
      call: google.call,
      command: (words) => words,
    });
    expect(checks.at(-1)).toMatchObject({
      message: 'There is no bucket my-rows.',
      fix: expect.stringMatching(/^gcloud storage buckets create gs:\/\/my-rows --project=my-project /),
    });
  });
});
