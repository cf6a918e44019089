import { expect, it } from 'vitest';
import { checkGoogle } from '../../../cli/gcloud/check-google.ts';
import { GOOGLE_ENDPOINTS } from '../../../cli/gcloud/google-endpoints.ts';
import { cli } from '../../support/recorded-io.ts';
import { recordedGoogle, refusal } from './recorded-google.ts';

const EVIL = 'x;rm -rf ~';

it.each([
  [['check', '--project', EVIL], `"${EVIL}" cannot be the id of a project: write one such as my-project, or`],
  [['check', '--project', 'my.project'], '"my.project" cannot be the id of a project'],
  [['check', '--project', 'my-project', '--dataset', EVIL], `"${EVIL}" cannot be the name of a dataset: write one`],
  [['check', '--project', 'my-project', '--bucket', EVIL], `"${EVIL}" is no bucket; write gs://name.`],
  [['check', '--project', 'my-project', '--load-bucket', `gs://${EVIL}`], 'is no bucket; write gs://name.'],
  [['check', '--project', 'my-project', '--source', `bq://my-project.d.t';${EVIL}`], 'is no table; write bq://'],
  [['setup', '--store', `bq://my-project.${EVIL}`, '--location', 'EU'], 'is no dataset; write bq://project.dataset.'],
  [['setup', '--store', 'bq://my-project.results.t', '--location', 'EU'], 'is no dataset; write bq://project.dataset.'],
  [['setup', '--store', 'bq://my-project.results', '--location', 'EU', '--bucket', EVIL], 'cannot be the name of a'],
  [['teardown', '--store', `bq://${EVIL}.results`], 'is no dataset; write bq://project.dataset.'],
  [['teardown', '--store', `bq://my-project.results?bucket=${EVIL}`], 'is no dataset; write'],
])('gcloud %j is wrong usage, and nobody is asked', async (argv, said) => {
  const { code, out, err } = await cli(['gcloud', ...argv]);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(said);
});

it('commands that mend something carry every name as one word, whatever is in it, and addresses as one part', async () => {
  const google = recordedGoogle([['testIamPermissions', refusal(403, 'no')]]);
  const place = {
    project: EVIL,
    dataset: EVIL,
    source: { project: EVIL, dataset: 'd', table: 'all poles/$1' },
    bucket: EVIL,
    loadBucket: EVIL,
  };
  const input = { place, endpoints: GOOGLE_ENDPOINTS, member: `user:${EVIL}`, call: google.call };
  const checks = await checkGoogle({ ...input, command: (words) => words });
  for (const { fix = '' } of checks) expect(fix.replaceAll(/'[^']*'/g, ''), fix).not.toContain(';');
  const [, ...asked] = google.lines();
  for (const line of asked) expect(line.split(' ')[1]).not.toMatch(/[;$]/);
  expect(asked.join('\n')).toContain('/tables/all%20poles%2F%241:testIamPermissions');
});
