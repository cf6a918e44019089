import type { Failure } from '../../contracts/failures.ts';

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

/**
 * Names the flag beside the field that a failure of a request asks for: `"map"` becomes `"map" (--map)`. What others quote, such as
 * a column, is no field.
 */
export function nameFlags({ name, message }: Failure): string {
  if (name !== 'InvalidRequest') return message;
  return Object.entries(FLAGS).reduce(
    (text, [field, flag]) => text.replaceAll(`"${field}"`, `"${field}" (${flag})`),
    message,
  );
}
