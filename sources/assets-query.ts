import type { BigQuerySpec } from '../contracts/source.ts';
import { MAX_ASSET_BYTES, MAX_ID_LENGTH } from './asset-limits.ts';
import { sqlName, sqlNumber, sqlText, sqlTime } from './google-sql.ts';
import { filtersOf, LATITUDE, LONGITUDE } from './observation-filters.ts';
import { parseBigQueryPath } from './parse-bigquery-path.ts';

/** Columns by which a table of observations of street imagery is known, in both generations of the data set. */
export const OBSERVATION_COLUMNS = [
  'snapshot_id',
  'asset_id',
  'asset_type',
  'location',
  'detection_time',
  'observation_id',
  'capture_time',
  'gcs_uri',
] as const;

const IMAGES_PER_ASSET = 10;

/**
 * The assets of a table of observations, in the order of their ids, with the columns of a manifest: its images the newest first,
 * the place of the newest observation, the latest detection. Observations that `strayQuery` gives are left out.
 */
export function assetsQuery(spec: BigQuerySpec): string {
  const newestFirst = 'ORDER BY capture_time DESC, observation_id, gcs_uri';
  const images = sqlNumber(spec.imagesPerAsset ?? IMAGES_PER_ASSET);
  return `WITH observations AS (
  SELECT asset_id, observation_id, ${IMAGE} AS gcs_uri, capture_time, detection_time, asset_type, snapshot_id,
    ${LATITUDE} AS latitude, ${LONGITUDE} AS longitude,
    CONCAT('{', ${NOTED_ID}, IF(observation_id IS NULL OR capture_time IS NULL, '', ','), ${NOTED_TIME}, '}') AS note,
    ROW_NUMBER() OVER (PARTITION BY asset_id, COALESCE(observation_id, ${IMAGE}) ORDER BY detection_time DESC, snapshot_id DESC, gcs_uri) AS copy
  FROM ${tableOf(spec)}
  WHERE ${[...filtersOf(spec.filters), 'asset_id IS NOT NULL', IS_IN_BUCKET].join('\n    AND ')}
), assets AS (
  SELECT asset_id, MAX(detection_time) AS detection_time,
    ARRAY_AGG(gcs_uri ${newestFirst} LIMIT ${images}) AS image_uris,
    ARRAY_AGG(note ${newestFirst} LIMIT ${images}) AS notes,
    ARRAY_AGG(STRUCT(latitude AS latitude, longitude AS longitude, asset_type AS asset_type, snapshot_id AS snapshot_id) ORDER BY detection_time DESC, capture_time DESC, observation_id, gcs_uri LIMIT 1)[OFFSET(0)] AS newest
  FROM observations
  WHERE copy = 1
  GROUP BY asset_id
)
SELECT asset_id, image_uris, CONCAT('[', ARRAY_TO_STRING(notes, ','), ']') AS image_notes,
  IF(${VALID_PLACE}, newest.latitude, NULL) AS latitude, IF(${VALID_PLACE}, newest.longitude, NULL) AS longitude,
  ${isoText('detection_time')} AS detection_time,
  TO_JSON_STRING(STRUCT(newest.asset_type AS asset_type, newest.snapshot_id AS snapshot_id)) AS attributes
FROM assets
ORDER BY asset_id${limitOf(spec)}`;
}

/** The same, but it fails where an asset is one that is rejected, or changed, when it is read row by row. */
export function plainAssetsQuery(spec: BigQuerySpec): string {
  const isPlain = [
    "asset_id != ''",
    'asset_id = TRIM(asset_id)',
    `BYTE_LENGTH(asset_id) <= ${MAX_ID_LENGTH}`,
    // What stands around it in JSON takes no more than the other half.
    `BYTE_LENGTH(ARRAY_TO_STRING(image_uris, ' ')) + BYTE_LENGTH(image_notes) + BYTE_LENGTH(attributes) <= ${MAX_ASSET_BYTES / 2}`,
  ].join(' AND ');
  return `SELECT * FROM (\n${assetsQuery(spec)}\n)\nWHERE CASE WHEN ${isPlain} THEN TRUE ELSE ERROR('not plain') END`;
}

/**
 * Observations that give no image to any asset, with the kind of the reject and its reason, in the order of their assets; with
 * a limit of rows no more than that.
 */
export function strayQuery(spec: BigQuerySpec): string {
  const twice = `ROW_NUMBER() OVER (PARTITION BY snapshot_id, asset_id, COALESCE(observation_id, ${IMAGE}) ORDER BY gcs_uri) > 1`;
  return `SELECT ${STRAY_COLUMNS.join(', ')}, IF(reason = ${sqlText(CAME_BEFORE)}, 'duplicate', 'bad') AS kind,
  REPLACE(reason, 'ID', SUBSTR(COALESCE(observation_id, 'null'), 1, 80)) AS reason
FROM (
  SELECT ${STRAY_COLUMNS.join(', ')},
    CASE WHEN asset_id IS NULL THEN 'the observation ID names no asset'
      WHEN gcs_uri IS NULL OR ${IMAGE} = '' THEN 'the observation ID names no image'
      WHEN NOT ${IS_IN_BUCKET} THEN 'the image of the observation ID is not in Cloud Storage (gs://)'
      WHEN ${twice} THEN ${sqlText(CAME_BEFORE)} END AS reason
  FROM ${tableOf(spec)}
  WHERE ${[...filtersOf(spec.filters), 'TRUE'].join('\n    AND ')}
)
WHERE reason IS NOT NULL
ORDER BY asset_id, observation_id, snapshot_id${limitOf(spec)}`;
}

/** The same as `BigQueryStatement.rejectsSql` gives them. */
export function strayEntriesQuery(spec: BigQuerySpec): string {
  const cells = STRAY_COLUMNS.map((name) => `COALESCE(${name}, '') AS ${name}`).join(', ');
  return `SELECT kind, reason, TO_JSON_STRING(STRUCT(${cells})) AS entry FROM (\n${strayQuery(spec)}\n)`;
}

/** What is told of a stray observation. */
export const STRAY_COLUMNS = ['snapshot_id', 'asset_id', 'observation_id', 'gcs_uri'] as const;
const CAME_BEFORE = 'the observation ID came before in its snapshot';

/**
 * How many assets were seen at more than one place, and how many of their observations have a place that is no number: one row.
 * With a limit of rows, of so many assets.
 */
export function unevenQuery(spec: BigQuerySpec): string {
  const noNumber = (text: string, number: string): string => `${text} IS NOT NULL AND ${number} IS NULL`;
  const isOdd = `${noNumber('location.latitude', LATITUDE)} OR ${noNumber('location.longitude', LONGITUDE)}`;
  return `SELECT SUM(IF(places > 1, 1, 0)) AS moved, SUM(odd) AS odd
FROM (
  SELECT COUNT(DISTINCT CONCAT(CAST(${LATITUDE} AS STRING), ' ', CAST(${LONGITUDE} AS STRING))) AS places, SUM(IF(${isOdd}, 1, 0)) AS odd
  FROM ${tableOf(spec)}
  WHERE ${[...filtersOf(spec.filters), 'asset_id IS NOT NULL'].join('\n    AND ')}
  GROUP BY asset_id
  HAVING COUNTIF(${IS_IN_BUCKET}) > 0
  ORDER BY asset_id${limitOf(spec)}
)`;
}

/**
 * All columns of a table, or of what a query gives; with `orderedBy` the rows with the same value there stand together. Where they
 * are one asset, a limit counts assets: it cuts none of them short.
 */
export function rowsQuery(spec: BigQuerySpec, orderedBy?: string): string {
  const all = `SELECT *\nFROM ${tableOf(spec)}`;
  if (orderedBy === undefined) return all + limitOf(spec);
  const id = `TO_JSON_STRING(${sqlName(orderedBy)})`;
  const order = `\nORDER BY ${id}`;
  if (spec.rowsPerAsset !== 'many' || spec.limit === undefined) return all + order + limitOf(spec);
  // Rows without an id are told of too, and nothing has no text in JSON everywhere.
  const key = `COALESCE(${id}, 'null')`;
  const first = `SELECT key FROM (SELECT DISTINCT ${key} AS key FROM ${tableOf(spec)})\nORDER BY key${limitOf(spec)}`;
  return `${all}\nWHERE ${key} IN (\n${first}\n)${order}`;
}

/** What is read, as it stands behind FROM. */
export function tableOf({ path, query, asOf }: BigQuerySpec): string {
  // A comment at the end of a query takes no more than its own line.
  if (query !== undefined) return `(\n${query.replace(/;\s*$/, '')}\n)`;
  const name = sqlName(parseBigQueryPath(path).table ?? '');
  return asOf === undefined ? name : `${name} FOR SYSTEM_TIME AS OF ${sqlTime(asOf)}`;
}

function limitOf({ limit }: BigQuerySpec): string {
  return limit === undefined ? '' : `\nLIMIT ${sqlNumber(limit)}`;
}

/** Blanks around an address belong to no name, as wherever a source is read. */
const IMAGE = 'TRIM(gcs_uri)';
const IS_IN_BUCKET = `STARTS_WITH(${IMAGE}, 'gs://')`;
/** Half a place is none. */
const VALID_PLACE = 'newest.latitude BETWEEN -90 AND 90 AND newest.longitude BETWEEN -180 AND 180';

/** What is not known is left out: not everywhere has JSON a text for it. */
const NOTED_ID = `IF(observation_id IS NULL, '', CONCAT('"observationId":', TO_JSON_STRING(observation_id)))`;
const NOTED_TIME = `IF(capture_time IS NULL, '', CONCAT('"capturedAt":"', ${isoText('capture_time')}, '"'))`;

/** ISO 8601 with microseconds: `%E6S` is not known everywhere. */
function isoText(time: string): string {
  const fraction = `LPAD(CAST(MOD(MOD(UNIX_MICROS(${time}), 1000000) + 1000000, 1000000) AS STRING), 6, '0')`;
  return `CONCAT(FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%S', ${time}), '.', ${fraction}, 'Z')`;
}
