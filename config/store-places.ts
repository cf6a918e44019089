import type { Settings } from './settings.ts';

/** Where a process keeps things, as the settings say. */
export function storePlacesOf({ dataDir, store, bigQueryEndpoint, bigQueryWriteEndpoint }: Settings) {
  return {
    dataDir,
    home: store,
    bigQuery: {
      ...(bigQueryEndpoint !== '' && { apiEndpoint: bigQueryEndpoint }),
      ...(bigQueryWriteEndpoint !== '' && { grpcEndpoint: bigQueryWriteEndpoint }),
    },
  };
}
