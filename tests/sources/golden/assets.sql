WITH observations AS (
  SELECT asset_id, observation_id, TRIM(gcs_uri) AS gcs_uri, capture_time, detection_time, asset_type, snapshot_id,
    SAFE_CAST(location.latitude AS FLOAT64) AS latitude, SAFE_CAST(location.longitude AS FLOAT64) AS longitude,
    CONCAT('{', IF(observation_id IS NULL, '', CONCAT('"observationId":', TO_JSON_STRING(observation_id))), IF(observation_id IS NULL OR capture_time IS NULL, '', ','), IF(capture_time IS NULL, '', CONCAT('"capturedAt":"', CONCAT(FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%S', capture_time), '.', LPAD(CAST(MOD(MOD(UNIX_MICROS(capture_time), 1000000) + 1000000, 1000000) AS STRING), 6, '0'), 'Z'), '"')), '}') AS note,
    ROW_NUMBER() OVER (PARTITION BY asset_id, COALESCE(observation_id, TRIM(gcs_uri)) ORDER BY detection_time DESC, snapshot_id DESC, gcs_uri) AS copy
  FROM `my-project.street.cropped_observations_all` FOR SYSTEM_TIME AS OF TIMESTAMP '2026-05-04T10:20:30.123Z'
  WHERE asset_type IN ('ASSET_CLASS_UTILITY_POLE', 'ASSET_CLASS_ROAD_SIGN')
    AND snapshot_id = '5b0e\'; DROP'
    AND SAFE_CAST(location.latitude AS FLOAT64) BETWEEN 40 AND 41
    AND SAFE_CAST(location.longitude AS FLOAT64) >= -112 AND SAFE_CAST(location.longitude AS FLOAT64) <= -111
    AND capture_time >= TIMESTAMP '2024-01-01T00:00:00.000Z'
    AND detection_time < TIMESTAMP '2025-12-31T23:00:00.000Z'
    AND asset_id IS NOT NULL
    AND STARTS_WITH(TRIM(gcs_uri), 'gs://')
), assets AS (
  SELECT asset_id, MAX(detection_time) AS detection_time,
    ARRAY_AGG(gcs_uri ORDER BY capture_time DESC, observation_id, gcs_uri LIMIT 3) AS image_uris,
    ARRAY_AGG(note ORDER BY capture_time DESC, observation_id, gcs_uri LIMIT 3) AS notes,
    ARRAY_AGG(STRUCT(latitude AS latitude, longitude AS longitude, asset_type AS asset_type, snapshot_id AS snapshot_id) ORDER BY detection_time DESC, capture_time DESC, observation_id, gcs_uri LIMIT 1)[OFFSET(0)] AS newest
  FROM observations
  WHERE copy = 1
  GROUP BY asset_id
)
SELECT asset_id, image_uris, CONCAT('[', ARRAY_TO_STRING(notes, ','), ']') AS image_notes,
  IF(newest.latitude BETWEEN -90 AND 90 AND newest.longitude BETWEEN -180 AND 180, newest.latitude, NULL) AS latitude, IF(newest.latitude BETWEEN -90 AND 90 AND newest.longitude BETWEEN -180 AND 180, newest.longitude, NULL) AS longitude,
  CONCAT(FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%S', detection_time), '.', LPAD(CAST(MOD(MOD(UNIX_MICROS(detection_time), 1000000) + 1000000, 1000000) AS STRING), 6, '0'), 'Z') AS detection_time,
  TO_JSON_STRING(STRUCT(newest.asset_type AS asset_type, newest.snapshot_id AS snapshot_id)) AS attributes
FROM assets
ORDER BY asset_id
LIMIT 1000