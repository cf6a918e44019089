import type { Asset, AssetRef, AttributeValue, ImageRef } from '../contracts/asset.ts';
import type { Column } from './result-columns.ts';

/** The columns of a manifest; the number of a row is its place in the file. */
export const MANIFEST_COLUMNS: readonly Column[] = [
  ['asset_id', 'VARCHAR'],
  /** What a statement selects may be one `image_uri` instead, which takes a tenth less time. */
  ['image_uris', 'VARCHAR[]'],
  /** What else is known about the images, as JSON; null where it is nothing. What a statement selects does not have it. */
  ['image_notes', 'VARCHAR'],
  ['latitude', 'DOUBLE'],
  ['longitude', 'DOUBLE'],
  ['detection_time', 'VARCHAR'],
  /** JSON; what a statement selects may be a struct of the same keys, which takes half the room. */
  ['attributes', 'VARCHAR'],
];

/** The attributes of a row as JSON, whichever they are: a text, or a struct. */
export const ATTRIBUTES_TEXT =
  "CASE typeof(attributes) WHEN 'VARCHAR' THEN attributes::VARCHAR ELSE to_json(attributes)::VARCHAR END";

/** An asset as a line of JSON whose keys are the columns. */
export function manifestLine({ assetId, images, location, detectionTime, attributes }: Asset): string {
  const notes = images.map(({ uri: _uri, ...note }) => note);
  return `${JSON.stringify({
    asset_id: assetId.toWellFormed(),
    image_uris: images.map(({ uri }) => uri.toWellFormed()),
    image_notes: notes.every((note) => Object.keys(note).length === 0) ? null : JSON.stringify(notes),
    latitude: location?.latitude ?? null,
    longitude: location?.longitude ?? null,
    detection_time: detectionTime ?? null,
    attributes: JSON.stringify(attributes),
  })}\n`;
}

/** An asset from a row of the manifest. */
export function assetOfRow(row: Readonly<Record<string, unknown>>): AssetRef {
  const { row_number, asset_id, image_uri, image_uris, image_notes, latitude, longitude, detection_time, attributes } =
    row as unknown as ManifestRow;
  const uris = image_uris ?? [image_uri];
  const notes =
    image_notes === undefined || image_notes === null
      ? []
      : (JSON.parse(image_notes) as readonly Omit<ImageRef, 'uri'>[]);
  return {
    row: Number(row_number),
    assetId: asset_id,
    images: uris.map((uri, index) => ({ uri, ...notes[index] })),
    ...(latitude !== null && longitude !== null && { location: { latitude, longitude } }),
    ...(detection_time !== null && { detectionTime: detection_time }),
    attributes: JSON.parse(attributes) as Record<string, AttributeValue>,
  };
}

interface ManifestRow {
  readonly row_number: bigint;
  readonly asset_id: string;
  /** One of these two. */
  readonly image_uri: string;
  readonly image_uris?: readonly string[];
  readonly image_notes?: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly detection_time: string | null;
  readonly attributes: string;
}
