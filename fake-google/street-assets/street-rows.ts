/** Rows of the tables of street imagery, as BigQuery takes them in newline-delimited JSON; times are in UTC. */
export interface Observation {
  readonly snapshot_id: string;
  readonly asset_id: string;
  readonly asset_type: string;
  readonly location: Place;
  readonly detection_time: string;
  readonly observation_id: string;
  readonly bbox: { readonly lo: Corner; readonly hi: Corner };
  readonly camera_pose: CameraPose;
  readonly capture_time: string;
  readonly gcs_uri: string | null;
  readonly map_url: string;
  readonly pano_id: string | null;
}

export interface Asset {
  readonly snapshot_id: string;
  readonly asset_id: string;
  readonly asset_type: string;
  readonly location: Place;
  readonly detection_time: string;
}

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

export interface CameraPose extends Place {
  readonly altitude: number;
  readonly pitch: number;
  readonly heading: number;
  readonly roll: number;
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

const text = (name: string) => ({ name, type: 'STRING' });
const time = (name: string) => ({ name, type: 'TIMESTAMP' });
const record = (name: string, fields: readonly object[]) => ({ name, type: 'RECORD', fields: [...fields] });
const floats = (...names: readonly string[]) => names.map((name) => ({ name, type: 'FLOAT' }));

const LOCATION = record('location', floats('latitude', 'longitude'));
const CORNER = floats('x', 'y');

export const ASSET_SCHEMA = {
  fields: [text('snapshot_id'), text('asset_id'), text('asset_type'), LOCATION, time('detection_time')],
};

export const OBSERVATION_SCHEMA = {
  fields: [
    ...ASSET_SCHEMA.fields,
    text('observation_id'),
    record('bbox', [record('lo', CORNER), record('hi', CORNER)]),
    record('camera_pose', floats('latitude', 'longitude', 'altitude', 'pitch', 'heading', 'roll')),
    time('capture_time'),
    text('gcs_uri'),
    text('map_url'),
    text('pano_id'),
  ],
};

export const SNAPSHOT_SCHEMA = { fields: [text('snapshot_id'), text('subscription_id'), time('creation_time')] };
