import { BigQuery } from '@google-cloud/bigquery';
import { managedwriter } from '@google-cloud/bigquery-storage';
import type { AuthClient } from 'google-auth-library';
import { grpc } from 'google-gax';
import { createPace } from './pace.ts';
import type { Pace } from './pace.ts';

export interface BigQueryOptions {
  /** The project that pays for queries. */
  readonly project: string;
  /** Of another server of the REST protocol, such as `http://127.0.0.1:9050`. Default: Google's. */
  readonly apiEndpoint?: string;
  /** Of another server of the Storage Write protocol, `host:port` without TLS. Default: Google's. */
  readonly grpcEndpoint?: string;
  /** Default: the credentials that Google's libraries find by themselves. */
  readonly authClient?: AuthClient;
}

/** What all stores of a process share. */
export interface BigQueryConnection {
  readonly rest: BigQuery;
  /** Opened at the first call. */
  readonly writer: () => managedwriter.WriterClient;
  /** Waited for before each stream that is created. */
  readonly streamPace: Pace;
  /** Calls that are under way fail. */
  close(): void;
}

/** A project may create 10,000 streams an hour, and more than 40 a second get slow. */
const STREAMS_PER_HOUR = 9_000;
const STREAMS_AT_ONCE = 40;

/** One connection is enough for a process, whatever the number of datasets. Nothing is sent before it is used. */
export function openBigQuery({ project, apiEndpoint, grpcEndpoint, authClient }: BigQueryOptions): BigQueryConnection {
  // No type fits: each client brings its own copy of google-auth-library, whose classes have private fields.
  const credentials = authClient === undefined ? {} : { authClient: authClient as never };
  const rest = new BigQuery({ projectId: project, ...credentials, ...(apiEndpoint !== undefined && { apiEndpoint }) });
  // Where BIGQUERY_EMULATOR_HOST is set, the library asks that host whatever it is given, and leaves the path of the protocol out.
  rest.baseUrl = `${rest.apiEndpoint}/bigquery/v2`;
  let writer: managedwriter.WriterClient | undefined;
  return {
    rest,
    writer: () =>
      (writer ??= new managedwriter.WriterClient({ projectId: project, ...credentials, ...serverAt(grpcEndpoint) })),
    streamPace: createPace(STREAMS_PER_HOUR, STREAMS_AT_ONCE),
    close() {
      writer?.close();
      writer = undefined;
    },
  };
}

function serverAt(endpoint: string | undefined) {
  if (endpoint === undefined) return {};
  const at = endpoint.lastIndexOf(':');
  return {
    apiEndpoint: endpoint.slice(0, at),
    port: Number(endpoint.slice(at + 1)),
    sslCreds: grpc.credentials.createInsecure(),
  };
}
