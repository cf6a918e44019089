import { expect, test } from 'vitest';
import { makeStreetTable } from '../../../fake-google/street-assets/make-street-table.ts';
import { ODDITIES, oddityOf } from '../../../fake-google/street-assets/oddities.ts';

const ASSETS = 4_000;
const entries = [...makeStreetTable({ assets: ASSETS, seed: 'a', bucket: 'b' })];
const seen = entries.slice(0, ASSETS);
const ordinary = seen.filter(({ oddity }) => oddity === undefined);

function entryWith(oddity: (typeof ODDITIES)[number]) {
  const entry = seen.find((one) => one.oddity === oddity);
  if (entry === undefined) throw new Error(`no asset is odd in this way: ${oddity}`);
  return entry;
}

test('the same seed makes the same table, another seed another', () => {
  const again = [...makeStreetTable({ assets: 10, seed: 'a', bucket: 'b' })];
  expect(again[3]).toEqual(entries[3]);
  const other = [...makeStreetTable({ assets: 10, seed: 'b', bucket: 'b' })];
  expect(other[3]?.asset.asset_id).not.toBe(entries[3]?.asset.asset_id);
});

test('as many assets have one, two and three observations as in the published snapshot', () => {
  const share = (count: number) => ordinary.filter(({ latest }) => latest.length === count).length / ordinary.length;
  expect(share(1)).toBeCloseTo(0.382, 1);
  expect(share(2)).toBeCloseTo(0.267, 1);
  expect(share(3)).toBeCloseTo(0.164, 1);
  const rows = ordinary.reduce((sum, { latest }) => sum + latest.length, 0);
  expect(rows / ordinary.length).toBeCloseTo(2.31, 0);
});

test('more assets have no observation than have some', () => {
  expect(entries.length - ASSETS).toBe(Math.round((ASSETS * 292_705) / 207_826));
  expect(entries.slice(ASSETS).every(({ latest, older }) => latest.length + older.length === 0)).toBe(true);
});

test('ids and image addresses have the shape of the published ones', () => {
  const row = ordinary[0]?.latest[0];
  expect(row).toMatchObject({
    asset_id: expect.stringMatching(/^t1:[0-9a-f]{32}:[0-9a-f]{8}$/),
    observation_id: expect.stringMatching(/^o1:[0-9a-f]{32}:[0-9a-f]{8}$/),
    gcs_uri: `gs://b/${row?.snapshot_id}/v0/${row?.observation_id}.jpg`,
  });
  const ids = seen.flatMap(({ latest, oddity }) =>
    oddity === 'repeated-row' ? [] : latest.map((one) => one.observation_id),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test('rows of an asset have one place and one time of detection, and all classes occur', () => {
  for (const { latest, asset } of ordinary) {
    expect(new Set(latest.map((row) => JSON.stringify([row.location, row.detection_time]))).size).toBe(1);
    expect(latest.every((row) => row.capture_time <= asset.detection_time)).toBe(true);
  }
  expect(new Set(seen.map(({ asset }) => asset.asset_type)).size).toBe(3);
});

test('everything odd is there, also in the smallest table', () => {
  const small = [...makeStreetTable({ assets: 10, seed: 'a', bucket: 'b' })];
  expect(new Set(small.map(({ oddity }) => oddity))).toEqual(new Set([undefined, ...ODDITIES]));
  expect(entryWith('ten-images').latest).toHaveLength(10);
  const [first, second] = entryWith('repeated-row').latest.slice(-2);
  expect(first).toEqual(second);
  expect(entryWith('no-uri').latest.at(-1)?.gcs_uri).toBeNull();
  expect(entryWith('foreign-uri').latest.at(-1)?.gcs_uri).toMatch(/^https:/);
  const moved = entryWith('moved-location');
  expect(moved.older[0]?.location.latitude).not.toBe(moved.latest[0]?.location.latitude);
  expect(moved.older[0]?.location.latitude).toBeCloseTo(moved.latest[0]?.location.latitude ?? 0, 5);
});

test.each(['ten-images', 'huge-image'] as const)('one asset of the whole table has %s', (oddity) => {
  expect(Array.from({ length: 1_000 }, (_, number) => oddityOf(number)).filter((one) => one === oddity)).toHaveLength(
    1,
  );
});

test('an older snapshot has many of the same assets', () => {
  const shared = ordinary.filter(({ older }) => older.length > 0).length / ordinary.length;
  expect(shared).toBeCloseTo(0.7, 1);
  expect(ordinary.find(({ older }) => older.length > 0)?.older[0]?.snapshot_id).not.toBe(
    seen[0]?.latest[0]?.snapshot_id,
  );
});

test.each([9, 500_001, 10.5, Number.NaN])('a table of %s assets is refused', (assets) => {
  expect(() => [...makeStreetTable({ assets, seed: 'a', bucket: 'b' })]).toThrow(RangeError);
});
