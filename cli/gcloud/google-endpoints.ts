import type { Settings } from '../../config/settings.ts';

/** Where Google is reached. Tests and other clouds of Google have addresses of their own. */
export interface GoogleEndpoints {
  readonly bigquery: string;
  readonly storage: string;
  readonly serviceUsage: string;
  readonly resourceManager: string;
}

export const GOOGLE_ENDPOINTS: GoogleEndpoints = {
  bigquery: 'https://bigquery.googleapis.com',
  storage: 'https://storage.googleapis.com',
  serviceUsage: 'https://serviceusage.googleapis.com',
  resourceManager: 'https://cloudresourcemanager.googleapis.com',
};

/** Where the settings say that Google is; what they do not say is Google's own. */
export function endpointsOf(settings: Settings): GoogleEndpoints {
  const said = {
    bigquery: settings.bigQueryEndpoint,
    storage: settings.storageEndpoint,
    serviceUsage: settings.serviceUsageEndpoint,
    resourceManager: settings.resourceManagerEndpoint,
  };
  const named = Object.entries(said).filter(([, endpoint]) => endpoint !== '');
  return {
    ...GOOGLE_ENDPOINTS,
    ...Object.fromEntries(named.map(([name, endpoint]) => [name, endpoint.replace(/\/+$/, '')])),
  };
}
