import { describe, expect, it } from 'vitest';
import type { BigQuerySpec, ObservationFilters } from '../../contracts/source.ts';
import { assetsQuery, rowsQuery, strayQuery } from '../../sources/assets-query.ts';

const TABLE: BigQuerySpec = { kind: 'bigquery', path: 'bq://my-project.street.cropped_observations_all' };

/** The conditions of a query, one a line. */
function conditionsOf(filters: ObservationFilters): readonly string[] {
  const where = /\n {2}WHERE ([^)]*?)\n\), assets/s.exec(
    assetsQuery({ ...TABLE, filters }).replaceAll(/\n {4}AND /g, '\u0001'),
  );
  return (where?.[1] ?? '').split('\u0001').slice(0, -2);
}

describe('the query for assets', () => {
  it('is the whole of it, with everything that can be said', async () => {
    const spec: BigQuerySpec = {
      ...TABLE,
      asOf: '2026-05-04T10:20:30.123Z',
      imagesPerAsset: 3,
      limit: 1_000,
      filters: {
        assetClass: ['utility pole', 'ASSET_CLASS_ROAD_SIGN'],
        snapshot: "5b0e'; DROP",
        area: { box: { south: 40, west: -112, north: 41, east: -111 } },
        capturedAfter: '2024-01-01',
        detectedBefore: '2026-01-01T00:00:00+01:00',
      },
    };
    await expect(assetsQuery(spec)).toMatchFileSnapshot('golden/assets.sql');
    await expect(strayQuery(spec)).toMatchFileSnapshot('golden/strays.sql');
  });

  it('takes the table as it is now where no time is named', () => {
    expect(assetsQuery(TABLE)).toContain('FROM `my-project.street.cropped_observations_all`\n');
    expect(assetsQuery(TABLE)).not.toContain('SYSTEM_TIME');
  });

  it.each<[ObservationFilters, readonly string[]]>([
    [{ assetClass: 'maintenance-cover' }, ["asset_type IN ('ASSET_CLASS_MAINTENANCE_COVER'"]],
    [{ capturedBefore: '2024-01-01' }, ["capture_time < TIMESTAMP '2024-01-01T00:00:00.000Z'"]],
    [{ detectedAfter: '2024-01-01' }, ["detection_time >= TIMESTAMP '2024-01-01T00:00:00.000Z'"]],
  ])('filters by %j', (filters, [expected = '']) => {
    expect(assetsQuery({ ...TABLE, filters })).toContain(expected);
    expect(strayQuery({ ...TABLE, filters })).toContain(expected);
  });

  it('goes over the 180th meridian when the west of a box lies east of its east', () => {
    const sql = assetsQuery({
      ...TABLE,
      filters: { area: { box: { south: -20, west: 177, north: -15, east: -178 } } },
    });
    expect(sql).toContain('>= 177 OR SAFE_CAST(location.longitude AS FLOAT64) <= -178)');
  });

  it('has only the conditions that are said', () => {
    expect(conditionsOf({})).toEqual([]);
  });
});

describe('the query for rows', () => {
  it('takes all columns, in the order of one', () => {
    expect(rowsQuery({ ...TABLE, limit: 5 }, 'an `id`')).toBe(
      'SELECT *\nFROM `my-project.street.cropped_observations_all`\nORDER BY TO_JSON_STRING(`an \\`id\\``)\nLIMIT 5',
    );
  });

  it('takes so many whole assets, where an asset has several rows', () => {
    const many = { ...TABLE, limit: 5, rowsPerAsset: 'many' } as const;
    expect(rowsQuery(many, 'id')).toMatch(/\nORDER BY key\nLIMIT 5\n\)\nORDER BY TO_JSON_STRING\(`id`\)$/);
    expect(rowsQuery(many)).toMatch(/_all`\nLIMIT 5$/);
  });

  it('takes a query as it is, with a comment or semicolon at its end', () => {
    const spec: BigQuerySpec = { kind: 'bigquery', path: 'bq://my-project', query: 'SELECT 1 AS id -- all' };
    expect(rowsQuery(spec)).toBe('SELECT *\nFROM (\nSELECT 1 AS id -- all\n)');
    expect(rowsQuery({ ...spec, query: 'SELECT 1 AS id;\n' })).toBe('SELECT *\nFROM (\nSELECT 1 AS id\n)');
  });
});
