import { loadClientConnectConfig } from '@temporalio/envconfig';
import { SettingsError } from './parse-settings.ts';

export interface TemporalSettings {
  readonly address: string;
  readonly namespace: string;
  /** Options for `Connection.connect` and `NativeConnection.connect`, with TLS and API key where they are set. */
  readonly connectionOptions: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
}

/**
 * Where Temporal is: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, ... and the profiles that the Temporal CLI writes. Throws
 * `SettingsError` when these cannot be read.
 */
export function readTemporalSettings(): TemporalSettings {
  const { connectionOptions, namespace } = readingProfiles(() => loadClientConnectConfig());
  // An empty TEMPORAL_ADDRESS is none.
  const address = connectionOptions.address || 'localhost:7233';
  return { address, namespace: namespace ?? 'default', connectionOptions: { ...connectionOptions, address } };
}

/** Reads something of the profiles of the Temporal CLI. */
export function readingProfiles<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SettingsError(`The profiles of the Temporal CLI (TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE): ${why}.`, {
      cause,
    });
  }
}
