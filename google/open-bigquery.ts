import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';
import { unneededCredentials } from './unneeded-credentials.ts';

export interface BigQueryConnection {
  /** Whose jobs they are, and who pays for them. Default: that of the credentials. */
  readonly project?: string;
  /** Default: Google's. */
  readonly apiEndpoint?: string;
}

/** A client of BigQuery that tries nothing again by itself: who asks decides that. */
export function openBigQuery({ project, apiEndpoint }: BigQueryConnection): BigQuery {
  const authClient = apiEndpoint === undefined ? undefined : unneededCredentials(apiEndpoint);
  const options: BigQueryOptions = {
    autoRetry: false,
    maxRetries: 0,
    ...(project !== undefined && { projectId: project }),
    ...(apiEndpoint !== undefined && { apiEndpoint }),
    ...(authClient && { authClient: authClient as never }),
  };
  const client = new BigQuery(options);
  // Where BIGQUERY_EMULATOR_HOST is set, the library asks that host whatever it is given, and leaves the path of the protocol out.
  client.baseUrl = `${client.apiEndpoint}/bigquery/v2`;
  return client;
}
