import { SEARCH_ATTRIBUTES } from '../../contracts/messages.ts';

/** The limits are raised because the defaults are made for a shared cluster; fairness and one partition are what lanes rely on. */
const DYNAMIC_CONFIG = {
  'matching.rps': 100_000,
  'history.rps': 100_000,
  'frontend.rps': 100_000,
  'frontend.namespaceRPS': 100_000,
  'frontend.namespaceCount': 100_000,
  'system.enableActivityEagerExecution': true,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'matching.enableFairness': true,
  // A stopping worker ends its polls cleanly; otherwise a call handed to one of them is lost until its heartbeat times out.
  'frontend.enableCancelWorkerPollsOnShutdown': true,
} as const;

/** As the command line of the server spells the types. */
const ATTRIBUTE_TYPES = { KEYWORD: 'Keyword', INT: 'Int', DOUBLE: 'Double' } as const;

/** What the server keeps and how it behaves. */
export interface DevServerChoices {
  /** File that keeps the state; its folder is made. Default: in memory, gone when the server stops. */
  readonly dbFile?: string;
  /** Namespaces besides `default`; they get the search attributes too. */
  readonly namespaces?: readonly string[];
  /** Dynamic configuration added to, or put in place of, our own; values as in JSON. */
  readonly dynamicConfig?: Readonly<Record<string, string | number | boolean>>;
}

/** Arguments of `temporal`; without `uiPort` the Web UI is off. */
export function devServerArguments(options: DevServerChoices, port: number, uiPort: number | undefined): string[] {
  const dynamicConfig = { ...DYNAMIC_CONFIG, ...options.dynamicConfig };
  return [
    'server',
    'start-dev',
    '--ip=127.0.0.1',
    `--port=${port}`,
    ...(uiPort === undefined ? ['--headless'] : [`--ui-port=${uiPort}`, '--ui-disable-news-fetch']),
    '--log-level=error',
    '--color=never',
    ...(options.namespaces ?? []).map((namespace) => `--namespace=${namespace}`),
    ...fileArguments(options.dbFile),
    ...Object.values(SEARCH_ATTRIBUTES).map(({ name, type }) => `--search-attribute=${name}=${ATTRIBUTE_TYPES[type]}`),
    ...Object.entries(dynamicConfig).map(([key, value]) => `--dynamic-config-value=${key}=${JSON.stringify(value)}`),
  ];
}

/** Both pragmas survive a killed server; only a power cut can lose the last moments. */
function fileArguments(dbFile: string | undefined): string[] {
  if (dbFile === undefined) return [];
  return [`--db-filename=${dbFile}`, '--sqlite-pragma=journal_mode=WAL', '--sqlite-pragma=synchronous=OFF'];
}
