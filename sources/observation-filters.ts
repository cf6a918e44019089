import type { AreaFilter, ObservationFilters } from '../contracts/source.ts';
import { sqlNumber, sqlText, sqlTime } from './google-sql.ts';

/** Some tables hold numbers as text. */
export const LATITUDE = 'SAFE_CAST(location.latitude AS FLOAT64)';
export const LONGITUDE = 'SAFE_CAST(location.longitude AS FLOAT64)';

/** Conditions on rows of a table of observations, or on those of assets where columns of both are filtered only. */
export function filtersOf(filters: ObservationFilters = {}): readonly string[] {
  const { assetClass, area, snapshot, ...times } = filters;
  const classes = typeof assetClass === 'string' ? [assetClass] : assetClass;
  return [
    ...(classes ? [`asset_type IN (${classes.map((name) => sqlText(classOf(name))).join(', ')})`] : []),
    ...(snapshot === undefined ? [] : [`snapshot_id = ${sqlText(snapshot)}`]),
    ...(area ? areaConditions(area) : []),
    ...Object.entries(TIME_CONDITIONS).flatMap(([name, condition]) => {
      const iso = times[name as keyof typeof times];
      return iso === undefined ? [] : [`${condition} ${sqlTime(iso)}`];
    }),
  ];
}

const TIME_CONDITIONS = {
  capturedAfter: 'capture_time >=',
  capturedBefore: 'capture_time <',
  detectedAfter: 'detection_time >=',
  detectedBefore: 'detection_time <',
} as const satisfies Partial<Record<keyof ObservationFilters, string>>;

function classOf(name: string): string {
  const upper = name
    .trim()
    .toUpperCase()
    .replaceAll(/[\s-]+/g, '_');
  return upper.startsWith('ASSET_CLASS_') ? upper : `ASSET_CLASS_${upper}`;
}

function areaConditions(area: AreaFilter): readonly string[] {
  if ('centre' in area) {
    const { centre, radiusM } = area;
    return [`${distanceM(sqlNumber(centre.latitude), sqlNumber(centre.longitude))} <= ${sqlNumber(radiusM)}`];
  }
  const { south, west, north, east } = area.box;
  const within = [`${LONGITUDE} >= ${sqlNumber(west)}`, `${LONGITUDE} <= ${sqlNumber(east)}`];
  return [
    `${LATITUDE} BETWEEN ${sqlNumber(south)} AND ${sqlNumber(north)}`,
    west > east ? `(${within.join(' OR ')})` : within.join(' AND '),
  ];
}

const EARTH_RADIUS_M = 6_371_008.8;
const HALF_RADIAN = Math.PI / 360;

/** On a sphere, by the haversine: within 0.6 % of the truth. */
function distanceM(latitude: string, longitude: string): string {
  const half = (a: string, b: string): string => `POW(SIN((${a} - (${b})) * ${HALF_RADIAN}), 2)`;
  const cosine = (degrees: string): string => `COS((${degrees}) * ${2 * HALF_RADIAN})`;
  const across = `${cosine(latitude)} * ${cosine(LATITUDE)} * ${half(LONGITUDE, longitude)}`;
  return `${2 * EARTH_RADIUS_M} * ASIN(LEAST(1, SQRT(${half(LATITUDE, latitude)} + ${across})))`;
}
