import { createHash } from 'node:crypto';
import { pick, seededRandom } from '../seeded-random.ts';
import { ASSET_CLASSES, CAPTURE_YEARS, CITIES, OBSERVATION_SHARES, weightedPlace } from './street-distributions.ts';
import type { AssetClass } from './street-distributions.ts';
import type { Asset, Observation, Place } from './street-rows.ts';

export interface StreetAsset {
  readonly asset: Asset;
  /** Newest last; each has an image at `gs://<bucket>/<snapshot>/v0/<observation>.jpg`. */
  readonly observations: readonly Observation[];
}

export interface AssetPlan {
  readonly seed: string;
  readonly bucket: string;
  readonly snapshotId: string;
  /** Which asset it is, from 0: the same number gives the same asset in every snapshot. */
  readonly number: number;
  /** Default: by the shares of the published snapshot. */
  readonly observations?: number;
}

const DAY_MS = 86_400_000;
const METRES_PER_DEGREE = 111_320;
const MEDIAN_DISTANCE_METRES = 17;
const PIXELS = 3_450;

/** One asset with its observations; nothing in it is real. */
export function makeStreetAsset(plan: AssetPlan): StreetAsset {
  const random = seededRandom(plan.seed, 'asset', plan.number);
  const kind = ASSET_CLASSES[
    weightedPlace(
      ASSET_CLASSES.map(({ share }) => share),
      random(),
    )
  ] as AssetClass;
  const [latitude, longitude, altitude] = pick(random, CITIES);
  const location = { latitude: degrees(latitude, 0.2, random), longitude: degrees(longitude, 0.2, random) };
  const count = plan.observations ?? 1 + weightedPlace(OBSERVATION_SHARES, random());
  const times = Array.from({ length: count }, () => captureTimeMs(random)).toSorted((a, b) => a - b);
  const newestMs = times.at(-1) ?? captureTimeMs(random);
  const asset = {
    snapshot_id: plan.snapshotId,
    asset_id: `t1:${hex(plan.seed, 'asset', plan.number)}:${kind.assetTail}`,
    asset_type: kind.type,
    location,
    // Days after the newest picture, but the same for all rows of an asset.
    detection_time: new Date(newestMs + Math.floor(random() * 30 * DAY_MS)).toISOString(),
  };
  const observations = times.map((timeMs, place) => {
    const id = `o1:${hex(plan.seed, 'observation', plan.number, place)}:${kind.observationTail}`;
    return {
      ...asset,
      observation_id: id,
      bbox: boxOf(random),
      camera_pose: {
        ...cameraPlace(location, random),
        altitude: round(altitude + random() * 20, 1),
        ...pose(kind, random),
      },
      capture_time: new Date(timeMs).toISOString(),
      gcs_uri: `gs://${plan.bucket}/${plan.snapshotId}/v0/${id}.jpg`,
      map_url: `https://www.google.com/maps/search/?api=1&query=${location.latitude},${location.longitude}`,
      pano_id: random() < 0.1 ? null : hex(plan.seed, 'pano', plan.number, place).slice(0, 22),
    };
  });
  return { asset, observations };
}

function captureTimeMs(random: () => number): number {
  const years = Object.keys(CAPTURE_YEARS);
  const year = Number(years[weightedPlace(Object.values(CAPTURE_YEARS), random())]);
  return Date.UTC(year, 0, 1) + Math.floor(random() * 360 * DAY_MS);
}

/** 3 to 30 m from the asset as a rule, seldom more than 200 m. */
function cameraPlace(location: Place, random: () => number): Place {
  const metres = random() < 0.005 ? 200 + random() * 50 : 3 + random() * 2 * (MEDIAN_DISTANCE_METRES - 3);
  const angle = random() * 2 * Math.PI;
  return {
    latitude: round(location.latitude + (metres / METRES_PER_DEGREE) * Math.sin(angle), 7),
    longitude: round(location.longitude + (metres / METRES_PER_DEGREE) * Math.cos(angle), 7),
  };
}

function pose({ pitch, roll }: AssetClass, random: () => number) {
  const between = ([low, high]: readonly [number, number]) => round(low + random() * (high - low), 2);
  return { pitch: between(pitch), heading: between([-180, 180]), roll: between(roll) };
}

function boxOf(random: () => number): Observation['bbox'] {
  const span = (): readonly [number, number] => {
    const low = Math.floor(random() * (PIXELS / 2));
    return [low, low + 50 + Math.floor(random() * (PIXELS / 2 - 50))];
  };
  const [[loX, hiX], [loY, hiY]] = [span(), span()];
  return { lo: { x: loX, y: loY }, hi: { x: hiX, y: hiY } };
}

function degrees(centre: number, spread: number, random: () => number): number {
  return round(centre + (random() - 0.5) * spread, 7);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function hex(...words: readonly (string | number)[]): string {
  return createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 32);
}
