import { expect, test, vi } from 'vitest';
import { cli } from '../support/recorded-io.ts';
import { reportOf } from '../../cli/report-error.ts';

test('a dataset that cannot be reached is one sentence with what to do, and no bug of ours', async () => {
  vi.stubEnv('SIGHTLINE_STORE', 'bq://my-project.results');
  vi.stubEnv('SIGHTLINE_BIGQUERY_ENDPOINT', 'http://127.0.0.1:1');
  try {
    const { code, out, err } = await cli(['results', 'list', 'my-run', '--address', '127.0.0.1:1']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^Cannot .*my-project\.results.*: .* Check the connection and the credentials, then try again\.\n$/,
    );
  } finally {
    vi.unstubAllEnvs();
  }
});

test('what nobody expected asks to be reported', () => {
  expect(reportOf(new Error('odd'))).toMatchObject({ exitCode: 1, hint: expect.stringContaining('looks like a bug') });
});
