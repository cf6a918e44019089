import { expect, it } from 'vitest';
import { bigQueryErrorOf } from '../../sources/bigquery-error-of.ts';

const ASKED = { path: 'bq://my-project.photos.poles', project: 'my-project', maximumBytesBilled: 1 };

it.each([
  ['is not there', { code: 'ENOENT' }, 'The file at /nowhere.json does not exist, or it is not a file'],
  ['is no JSON', {}, 'Unexpected token in JSON at position 1'],
])('a file of credentials that %s is refused with its reason, not tried again', (_, code, reason) => {
  const said = `Unable to read the credential file specified by the GOOGLE_APPLICATION_CREDENTIALS environment variable: ${reason}`;
  expect(bigQueryErrorOf(ASKED, Object.assign(new Error(said), code))).toMatchObject({
    failure: 'InvalidRequest',
    message: `${ASKED.path} cannot be read: ${said}; run gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS`,
  });
});
