import { expect, it } from 'vitest';
import { checkSignedIn } from '../../../cli/gcloud/sign-in.ts';
import { reportOf } from '../../../cli/report-error.ts';
import type { GoogleService } from '../../../google/open-google.ts';
import { NoCredentialsError } from '../../../google/no-credentials-error.ts';
import { StoreUnavailableError } from '../../../stores/ports.ts';

const missing = new NoCredentialsError('there is no file of default credentials');
const SAID = 'There are no credentials for Google Cloud: there is no file of default credentials';

it.each([
  ['a table', { kind: 'bigquery', path: 'my-project.street.poles' }, 'bigQuery'],
  ['a dataset for results', { kind: 'bigquery', project: 'my-project', dataset: 'results' }, 'bigQuery'],
  ['a bucket', { kind: 'folder', path: 'gs://pictures/poles' }, 'storage'],
] as const)('nobody to ask for %s as ends a command with exit code 4', async (_, place, service) => {
  const asked: GoogleService[] = [];
  const google = {
    signedIn: async (name: GoogleService) => {
      asked.push(name);
      throw missing;
    },
  };
  const failure = await checkSignedIn(google, place, 'Nothing was started.').catch((error: unknown) => error);
  expect(asked).toEqual([service]);
  expect(reportOf(failure)).toMatchObject({
    exitCode: 4,
    message: SAID,
    hint: expect.stringMatching(/gcloud auth application-default login.* Nothing was started\.$/),
  });
});

it.each([
  ['a folder', { kind: 'folder', path: 'pictures' }],
  ['a folder for results', { kind: 'parquet', path: 'results' }],
  ['the data folder', undefined],
] as const)('%s needs nobody to be signed in', async (_, place) => {
  await checkSignedIn({ signedIn: () => Promise.reject(missing) }, place);
});

it('is the same exit code and sentence where it is found out later, in a store', () => {
  const error = new StoreUnavailableError('Cannot open BigQuery for my-project.', { cause: missing });
  expect(reportOf(error)).toMatchObject({ exitCode: 4, message: SAID });
});
