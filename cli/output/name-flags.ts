/** Fields of a request that are flags on the command line. */
const FLAGS = {
  map: '--map',
  encoding: '--encoding',
  kind: '--format',
  group: '--group',
  rowsPerAsset: '--rows-per-asset',
  imagesPerAsset: '--images-per-asset',
  maximumBytesBilled: '--maximum-bytes-billed',
} as const;

/** Names the flag beside the field that a message asks for: `"map"` becomes `"map" (--map)`. */
export function nameFlags(message: string): string {
  return Object.entries(FLAGS).reduce(
    (text, [field, flag]) => text.replaceAll(`"${field}"`, `"${field}" (${flag})`),
    message,
  );
}
