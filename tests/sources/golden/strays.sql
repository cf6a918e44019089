SELECT snapshot_id, asset_id, observation_id, gcs_uri, IF(reason = 'the observation ID came before in its snapshot', 'duplicate', 'bad') AS kind,
  REPLACE(reason, 'ID', SUBSTR(COALESCE(observation_id, 'null'), 1, 80)) AS reason
FROM (
  SELECT snapshot_id, asset_id, observation_id, gcs_uri,
    CASE WHEN asset_id IS NULL THEN 'the observation ID names no asset'
      WHEN gcs_uri IS NULL OR TRIM(gcs_uri) = '' THEN 'the observation ID names no image'
      WHEN NOT STARTS_WITH(TRIM(gcs_uri), 'gs://') THEN 'the image of the observation ID is not in Cloud Storage (gs://)'
      WHEN ROW_NUMBER() OVER (PARTITION BY snapshot_id, asset_id, COALESCE(observation_id, TRIM(gcs_uri)) ORDER BY gcs_uri) > 1 THEN 'the observation ID came before in its snapshot' END AS reason
  FROM `my-project.street.cropped_observations_all` FOR SYSTEM_TIME AS OF TIMESTAMP '2026-05-04T10:20:30.123Z'
  WHERE asset_type IN ('ASSET_CLASS_UTILITY_POLE', 'ASSET_CLASS_ROAD_SIGN')
    AND snapshot_id = '5b0e\'; DROP'
    AND SAFE_CAST(location.latitude AS FLOAT64) BETWEEN 40 AND 41
    AND SAFE_CAST(location.longitude AS FLOAT64) >= -112 AND SAFE_CAST(location.longitude AS FLOAT64) <= -111
    AND capture_time >= TIMESTAMP '2024-01-01T00:00:00.000Z'
    AND detection_time < TIMESTAMP '2025-12-31T23:00:00.000Z'
    AND TRUE
)
WHERE reason IS NOT NULL
ORDER BY asset_id, observation_id, snapshot_id
LIMIT 1000