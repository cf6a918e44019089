/** Shares of assets by their number of observations, 1 to 10, in per cent, as counted in a published snapshot. */
export const OBSERVATION_SHARES = [38.2, 26.7, 16.4, 9.3, 5.2, 2.5, 1.0, 0.4, 0.1, 0.05];

/** Observations by the year of their picture, in the same snapshot. */
export const CAPTURE_YEARS: Readonly<Record<number, number>> = {
  2015: 5_945,
  2016: 4_201,
  2017: 11_977,
  2018: 3_419,
  2019: 19_972,
  2020: 11_366,
  2021: 28_173,
  2022: 47_086,
  2023: 27_432,
  2024: 28_705,
  2025: 292_344,
};

/** Assets without observations, per asset with some. */
export const EMPTY_ASSETS_PER_ASSET = 292_705 / 207_826;

/** What a class of assets looks like in the tables. */
export interface AssetClass {
  readonly type: string;
  /** Ends of the ids of its assets and observations. */
  readonly assetTail: string;
  readonly observationTail: string;
  readonly share: number;
  /** Degrees between which cameras are inclined. */
  readonly pitch: readonly [number, number];
  readonly roll: readonly [number, number];
}

/** Poles are seen from the front, signs from below; the tails of maintenance covers are made up. */
export const ASSET_CLASSES: readonly AssetClass[] = [
  {
    type: 'ASSET_CLASS_UTILITY_POLE',
    assetTail: 'ffff01ee',
    observationTail: '00250082',
    share: 55,
    pitch: [-1.3, 0.8],
    roll: [-1.7, 2.4],
  },
  {
    type: 'ASSET_CLASS_ROAD_SIGN',
    assetTail: 'ffff005f',
    observationTail: '00110060',
    share: 40,
    pitch: [-85, -70],
    roll: [-180, 180],
  },
  {
    type: 'ASSET_CLASS_MAINTENANCE_COVER',
    assetTail: 'ffff0aaa',
    observationTail: '00aa00aa',
    share: 5,
    pitch: [-60, -30],
    roll: [-2, 2],
  },
];

/** Places around which assets lie: latitude, longitude, altitude in metres. */
export const CITIES = [
  [34.6937, 135.5023, 12],
  [40.7608, -111.891, 1288],
  [39.7392, -104.9903, 1480],
  [30.2672, -97.7431, 149],
  [47.6062, -122.3321, 52],
] as const;

/** The place of one of `weights` that a number in [0, 1) falls on. */
export function weightedPlace(weights: readonly number[], number: number): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let rest = number * sum;
  const place = weights.findIndex((weight) => (rest -= weight) < 0);
  return place === -1 ? weights.length - 1 : place;
}
