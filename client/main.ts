import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { parseSettings } from '../config/parse-settings.ts';
import { storePlacesOf } from '../config/store-places.ts';
import { readTemporalSettings } from '../config/temporal-settings.ts';
import { credentialsAt, openGoogle } from '../google/open-google.ts';
import { createStoreFinder } from '../stores/find-stores.ts';
import { createRunClient, type RunClient } from './create-run-client.ts';

export interface ConnectOptions {
  /** `host:port` of the Temporal server. Default: TEMPORAL_ADDRESS, a profile of the Temporal CLI, or localhost:7233. */
  readonly address?: string;
  /** The workers' data folder. Default: SIGHTLINE_DATA_DIR, or `.sightline`. */
  readonly dataDir?: string;
  /** Told about damaged files that were passed over. Default: nothing is said. */
  readonly onWarning?: (message: string) => void;
}

export interface Sightline extends RunClient {
  /** Where Temporal is expected. */
  readonly address: string;
  readonly dataDir: string;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A run client with everything it needs. Connects at the first call that needs the server; close it, or use `await using`. */
export function connectSightline(options: ConnectOptions = {}): Sightline {
  const env = options.dataDir === undefined ? process.env : { ...process.env, SIGHTLINE_DATA_DIR: options.dataDir };
  const settings = parseSettings(env, process.cwd());
  const { dataDir } = settings;
  const { connectionOptions, namespace, address: configured } = readTemporalSettings();
  const address = options.address ?? configured;
  const connection = Connection.lazy({
    ...connectionOptions,
    address,
    connectTimeout: '3 seconds',
    // A server that is not there should be noticed within a second or two.
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 4 }))],
  });
  const stores = createStoreFinder({
    ...storePlacesOf(settings),
    credentialsAt,
    storage: openGoogle(settings).storage,
    ...(options.onWarning && { onWarning: options.onWarning }),
  });
  const client = createRunClient({ temporal: new Client({ connection, namespace }), stores });
  const close = (): Promise<void> => {
    stores.close();
    return connection.close();
  };
  return { ...client, address, dataDir, close, [Symbol.asyncDispose]: close };
}
