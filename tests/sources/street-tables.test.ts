import { expect, test } from 'vitest';
import { streetTablesBeside } from '../../sources/street-tables.ts';

test.each([
  ['latest_observations', null],
  ['cropped_observations_all', 'SV_CROPPED_ASSETS'],
  ['full_frame_observations_latest', 'SV_FULL_FRAME_ASSETS'],
])('beside %s snapshots of its product are looked for', (table, product) => {
  expect(streetTablesBeside(`bq://my-project.street.${table}`)).toMatchObject({
    snapshots: 'bq://my-project.street.snapshots',
    product,
  });
});

test.each([
  ['latest_observations', 'latest_assets'],
  ['all_observations', 'all_assets'],
  ['cropped_observations_latest', 'cropped_assets_latest'],
  ['full_frame_observations_all', 'full_frame_assets_all'],
])('beside %s assets are listed in %s', (table, assets) => {
  expect(streetTablesBeside(`bq://my-project.street.${table}`)?.assets).toBe(`bq://my-project.street.${assets}`);
});

test.each(['poles', 'my_latest_observations', 'pano_observations_latest', 'cropped_observations'])(
  'the name %s does not say where its assets are listed',
  (table) => expect(streetTablesBeside(`bq://my-project.street.${table}`)?.assets).toBeNull(),
);

test('a project with a domain keeps it', () => {
  expect(streetTablesBeside('bq://example.com:mine.street.poles')).toMatchObject({
    snapshots: 'bq://example.com:mine.street.snapshots',
  });
});

test('beside a query nothing is known', () => {
  expect(streetTablesBeside('bq://my-project')).toBeNull();
});
