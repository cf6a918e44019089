import { parseStoreText } from '../contracts/store-text.ts';
import { isAddressList } from './address-list.ts';

/** One setting that is read from the environment. */
export interface Setting {
  readonly env: string;
  /** Variable that Google's own programs know for a server of tests; read where ours says nothing. `host:port` is meant with http. */
  readonly also?: string;
  readonly default: string | number;
  /** Bounds of numbers, inclusive. */
  readonly min?: number;
  readonly max?: number;
  /** Allowed values of words. */
  readonly values?: readonly string[];
  /** What a text has to be, for messages and documentation. Default: a path. */
  readonly form?: { readonly name: string; readonly accepts: (text: string) => boolean };
  /** Never shown. */
  readonly secret?: true;
  readonly unit?: 'ms' | 'bytes' | 'pixels' | 'calls' | 'port';
  readonly description: string;
}

const key = { name: 'a key without spaces', accepts: (text: string) => /^[^\s,]+$/.test(text) };
const keys = { name: 'keys, separated by commas', accepts: (text: string) => /^[^\s,]+(\s*,\s*[^\s,]+)*$/.test(text) };
const project = {
  name: 'the id of a project, such as `my-project-1`',
  accepts: (text: string) => /^([a-z0-9.-]+:)?[a-z][a-z0-9-]*$/.test(text),
};
const location = { name: 'a location', accepts: (text: string) => /^[a-z][a-z0-9-]*$/.test(text) };
const address = { name: 'an http(s) address', accepts: (text: string) => /^https?:/.test(text) && URL.canParse(text) };

const dataset = { name: 'a dataset, `bq://project.dataset`', accepts: (text: string) => isDataset(text) };

/** The one table of settings: documentation, validation and `Settings` are derived from it. */
export const SETTINGS = {
  dataDir: {
    env: 'SIGHTLINE_DATA_DIR',
    default: '.sightline',
    description: 'Folder for manifests, results, run records and scratch files. Workers of one run share it.',
  },
  store: {
    env: 'SIGHTLINE_STORE',
    default: '',
    form: dataset,
    description:
      'Dataset, `bq://project.dataset`, for results and records of runs that do not name another place. Default: the data folder.',
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
    description: 'Time to fetch one image from an address, redirects included; then it is tried again later.',
  },
  storageEndpoint: {
    env: 'SIGHTLINE_STORAGE_ENDPOINT',
    also: 'STORAGE_EMULATOR_HOST',
    default: '',
    form: address,
    description: 'Where Cloud Storage answers, if not at Google. Over plain http no credentials are sent.',
  },
  bigQueryEndpoint: {
    env: 'SIGHTLINE_BIGQUERY_ENDPOINT',
    also: 'BIGQUERY_EMULATOR_HOST',
    default: '',
    form: address,
    description: 'Where BigQuery answers, if not at Google. Over plain http no credentials are sent.',
  },
  bigQueryWriteEndpoint: {
    env: 'SIGHTLINE_BIGQUERY_WRITE_ENDPOINT',
    default: '',
    form: { name: 'host and port', accepts: (text: string) => /^[\w.-]+:\d{1,5}$/.test(text) },
    description: 'Where BigQuery takes rows (Storage Write), if not at Google. Without TLS.',
  },
  serviceUsageEndpoint: {
    env: 'SIGHTLINE_SERVICE_USAGE_ENDPOINT',
    default: '',
    form: address,
    description:
      'Where `gcloud check` asks which APIs are on, if not at Google. Over plain http no credentials are sent.',
  },
  resourceManagerEndpoint: {
    env: 'SIGHTLINE_RESOURCE_MANAGER_ENDPOINT',
    default: '',
    form: address,
    description:
      'Where `gcloud check` asks for permissions of a project, if not at Google. Over plain http no credentials are sent.',
  },
  allowPrivateAddresses: {
    env: 'SIGHTLINE_ALLOW_PRIVATE_ADDRESSES',
    default: '',
    form: { name: 'host names, IP addresses or CIDR ranges, separated by commas', accepts: isAddressList },
    description:
      'Servers from which images may be fetched although they are not public, such as `photos.intranet,10.1.0.0/16`.',
  },
  geminiApiKey: {
    env: 'GEMINI_API_KEY',
    default: '',
    form: key,
    secret: true,
    description: 'Key of the Gemini API. With it workers take calls of the lane `gemini`.',
  },
  geminiApiKeys: {
    env: 'GEMINI_API_KEYS',
    default: '',
    form: keys,
    secret: true,
    description: 'Several keys of the Gemini API: calls take turns over them.',
  },
  googleCloudProject: {
    env: 'GOOGLE_CLOUD_PROJECT',
    default: '',
    form: project,
    description:
      'Project on Google Cloud. With it workers take calls of the lanes `gemini` and `vertexai`, through Vertex AI; jobs that read tables of BigQuery run in it, and without it in the project of the table.',
  },
  googleCloudLocation: {
    env: 'GOOGLE_CLOUD_LOCATION',
    default: 'global',
    form: location,
    description: 'Where Vertex AI is asked: a region, `us`, `eu` or `global`.',
  },
  googleCredentials: {
    env: 'GOOGLE_APPLICATION_CREDENTIALS',
    default: '',
    description: 'Credentials for Google Cloud, as a file. Without it they are found as by every client of Google’s.',
  },
  useVertexAi: {
    env: 'GOOGLE_GENAI_USE_VERTEXAI',
    default: 'false',
    values: ['true', 'false'],
    description: 'Where there are a project and a key: `true` asks Vertex AI, `false` the Gemini API.',
  },
  vertexBaseUrl: {
    env: 'GOOGLE_VERTEX_BASE_URL',
    default: '',
    form: address,
    description:
      'Server that is asked in place of Vertex AI. Over plain http no credentials are sent; `vertexai` always speaks TLS.',
  },
  geminiBaseUrl: {
    env: 'GOOGLE_GEMINI_BASE_URL',
    default: '',
    form: address,
    description: 'Server that is asked in place of the Gemini API.',
  },
  modelTimeoutMs: {
    env: 'SIGHTLINE_MODEL_TIMEOUT_MS',
    default: 600_000,
    min: 100,
    max: 840_000,
    unit: 'ms',
    description: 'Time for one call to Gemini; then it is tried again later. `vertexai` waits five minutes at most.',
  },
} as const satisfies Record<string, Setting>;

type SettingName = keyof typeof SETTINGS;

export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name]['default'] extends number ? number : string;
};

function isDataset(text: string): boolean {
  const parsed = parseStoreText(text);
  return parsed.ok && parsed.value.kind === 'bigquery';
}
