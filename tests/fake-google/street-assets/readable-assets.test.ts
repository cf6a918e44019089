import { expect, test } from 'vitest';
import { makeStreetTable } from '../../../fake-google/street-assets/make-street-table.ts';
import { readableAssets } from '../../../fake-google/street-assets/readable-assets.ts';

const entries = [...makeStreetTable({ assets: 300, seed: 'seed', bucket: 'pics' })];
const readable = readableAssets(entries);
const having = (oddity: string) => entries.filter((entry) => entry.oddity === oddity);

test('an asset is read when one of its images is in Cloud Storage', () => {
  const without = entries.filter(({ latest }) => !latest.some(({ gcs_uri: uri }) => uri?.startsWith('gs://')));
  expect(without.length).toBeGreaterThan(300);
  expect(readable.size).toBe(entries.length - without.length);
  for (const { asset } of without) expect(readable.has(asset.asset_id)).toBe(false);
});

test('observations are read once, newest first, and images that nobody can look at are known', () => {
  for (const { observations } of readable.values()) {
    const times = observations.map((row) => row.capture_time);
    expect(times).toEqual(times.toSorted().toReversed());
    expect(new Set(observations.map((row) => row.observation_id)).size).toBe(observations.length);
  }
  expect(having('ten-images').map(({ asset }) => readable.get(asset.asset_id)?.observations.length)).toEqual([10]);
  for (const { asset, latest } of [...having('missing-object'), ...having('huge-image')]) {
    const newest = latest.at(-1)?.gcs_uri;
    expect(readable.get(asset.asset_id)?.observations[0]?.gcs_uri).toBe(newest);
    expect(readable.get(asset.asset_id)?.images).not.toContain(newest);
  }
});
