import { expect, it } from 'vitest';
import { parseRequest } from '../../activities/prepare/parse-request.ts';

/** What a request with these fields is told. */
function refusalOf(fields: object): string {
  const parsed = parseRequest({ source: 'photos', ...fields });
  return parsed.ok ? 'accepted' : `${parsed.failure.name}: ${parsed.failure.message}`;
}

it.each([
  [
    { project: 'a`b', dataset: 'res' },
    'Field store: "a`b" cannot be the id of a project: write one such as my-project',
  ],
  [
    { project: 'my-project', dataset: 'a b' },
    'Field store: "a b" cannot be the name of a dataset: write one of letters',
  ],
  [{ project: 'my-project', dataset: 'res' }, 'accepted'],
])('a store as JSON is looked at by its names: %j', (names, said) => {
  expect(refusalOf({ store: { kind: 'bigquery', ...names } })).toContain(said);
});
