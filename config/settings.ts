import { isAddressList } from './address-list.ts';

/** One setting that is read from the environment. */
export interface Setting {
  readonly env: string;
  readonly default: string | number;
  /** Bounds of numbers, inclusive. */
  readonly min?: number;
  readonly max?: number;
  /** Allowed values of words. */
  readonly values?: readonly string[];
  /** What a text has to be, for messages and documentation. Default: a path. */
  readonly form?: { readonly name: string; readonly accepts: (text: string) => boolean };
  readonly unit?: 'ms' | 'bytes' | 'pixels' | 'calls' | 'port';
  readonly description: string;
}

/** The one table of settings: documentation, validation and `Settings` are derived from it. */
export const SETTINGS = {
  dataDir: {
    env: 'SIGHTLINE_DATA_DIR',
    default: '.sightline',
    description: 'Folder for manifests, results, run records and scratch files. Workers of one run share it.',
  },
  promptsDir: {
    env: 'SIGHTLINE_PROMPTS_DIR',
    default: 'sightline-prompts',
    description: "Folder of the user's own prompt files; need not exist.",
  },
  screenReader: {
    env: 'SIGHTLINE_SCREEN_READER',
    default: 0,
    min: 0,
    max: 1,
    description: 'With 1, commands paint nothing over, cut nothing, and write tables as lines of name and value.',
  },
  logLevel: {
    env: 'SIGHTLINE_LOG_LEVEL',
    default: 'info',
    values: ['debug', 'info', 'warn', 'error', 'silent'],
    description: 'How much a worker says.',
  },
  graceMs: {
    env: 'SIGHTLINE_GRACE_MS',
    default: 25_000,
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    description: 'After SIGTERM a worker takes nothing new and waits this long for calls under way.',
  },
  healthPort: {
    env: 'SIGHTLINE_HEALTH_PORT',
    default: 0,
    min: 0,
    max: 65_535,
    unit: 'port',
    description: 'Port of the liveness endpoint /livez on loopback; 0 = none.',
  },
  localSlots: {
    env: 'SIGHTLINE_LOCAL_SLOTS',
    default: 8,
    min: 1,
    max: 1_000,
    unit: 'calls',
    description: 'Calls that one worker runs at once on the lane `local`; they use the processor.',
  },
  laneSlots: {
    env: 'SIGHTLINE_LANE_SLOTS',
    default: 200,
    min: 1,
    max: 1_000,
    unit: 'calls',
    description: 'Calls that one worker runs at once on each other lane; they mostly wait.',
  },
  imageMaxBytes: {
    env: 'SIGHTLINE_IMAGE_MAX_BYTES',
    default: 30_000_000,
    min: 1_000,
    max: 1_000_000_000,
    unit: 'bytes',
    description: 'Larger images are skipped as ImageTooLarge.',
  },
  imageMaxPixels: {
    env: 'SIGHTLINE_IMAGE_MAX_PIXELS',
    default: 100_000_000,
    min: 1_000,
    max: 1_000_000_000,
    unit: 'pixels',
    description: 'Images with more pixels are skipped as ImageTooLarge before they are decoded.',
  },
  imageBytesInFlight: {
    env: 'SIGHTLINE_IMAGE_BYTES_IN_FLIGHT',
    default: 256_000_000,
    min: 1_000_000,
    max: 1_000_000_000_000,
    unit: 'bytes',
    description:
      'Bytes of images that one worker holds at once; further calls wait for room. An asset with more than that is let through alone.',
  },
  fetchTimeoutMs: {
    env: 'SIGHTLINE_FETCH_TIMEOUT_MS',
    default: 60_000,
    min: 100,
    max: 600_000,
    unit: 'ms',
    description: 'Time to fetch one image from an http(s) address, redirects included; then it is tried again later.',
  },
  allowPrivateAddresses: {
    env: 'SIGHTLINE_ALLOW_PRIVATE_ADDRESSES',
    default: '',
    form: { name: 'host names, IP addresses or CIDR ranges, separated by commas', accepts: isAddressList },
    description:
      'Servers from which images may be fetched although they are not public, such as `photos.intranet,10.1.0.0/16`.',
  },
} as const satisfies Record<string, Setting>;

type SettingName = keyof typeof SETTINGS;

export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name]['default'] extends number ? number : string;
};
