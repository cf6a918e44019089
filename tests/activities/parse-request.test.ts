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

it('an area whose south lies north of its north is refused, as on the command line', () => {
  const source = (south: number, north: number) => ({
    kind: 'bigquery',
    path: 'bq://my-project.d.t',
    filters: { area: { box: { south, west: 1, north, east: 2 } } },
  });
  expect(refusalOf({ source: source(2, 1) })).toBe(
    'InvalidRequest: Field source.filters.area.box: takes a south that is not north of its north; change them.',
  );
  expect(refusalOf({ source: source(1, 1) })).toBe('accepted');
});

it('a setting that could not be kept is refused, not left out in silence', () => {
  const analyzer = JSON.parse('{"kind":"noop","settings":{"__proto__":1}}') as object;
  expect(refusalOf({ analyzer })).toBe(
    'InvalidRequest: Field analyzer.settings: there is no setting "__proto__"; leave it out.',
  );
  expect(refusalOf({ analyzer: { kind: 'noop', settings: { delayMs: 1 } } })).toBe('accepted');
  expect(refusalOf({ analyzer: { kind: 'noop', settings: 7 } })).toContain('Field analyzer.settings: expected record');
});
