import { loadClientConnectConfig } from '@temporalio/envconfig';

export interface TemporalSettings {
  readonly address: string;
  readonly namespace: string;
  /** Options for `Connection.connect` and `NativeConnection.connect`, with TLS and API key where they are set. */
  readonly connectionOptions: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
}

/** Where Temporal is: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, ... and the profiles that the Temporal CLI writes. */
export function readTemporalSettings(): TemporalSettings {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  // An empty TEMPORAL_ADDRESS is none.
  const address = connectionOptions.address || 'localhost:7233';
  return { address, namespace: namespace ?? 'default', connectionOptions: { ...connectionOptions, address } };
}
