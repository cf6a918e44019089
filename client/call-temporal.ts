import { Connection, isGrpcServiceError, type Client } from '@temporalio/client';
import { NoTemporalServer, NotSignedIn } from './client-errors.ts';

/** A call that takes longer has no answer to expect: everything that is asked here is small. */
const PATIENCE_MS = 5_000;

/**
 * Makes a call to the Temporal server with a deadline, and translates what means that nobody answers (`NoTemporalServer`) or
 * that we may not ask (`NotSignedIn`). Everything else passes through.
 */
export async function callTemporal<T>(client: Client, call: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + patienceMs, call);
  } catch (error) {
    throw translate(error, client);
  }
}

/** gRPC status codes: https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
export const GRPC = {
  cancelled: 1,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  failedPrecondition: 9,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** The gRPC code of an error of the SDK or of what caused it; undefined when it is none. */
export function grpcCode(error: unknown): number | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (isGrpcServiceError(at)) return at.code;
  }
  return undefined;
}

function translate(cause: unknown, client: Client): unknown {
  const code = grpcCode(cause);
  if (code === GRPC.unavailable || code === GRPC.deadlineExceeded) {
    return new NoTemporalServer(`No Temporal server answers${placeOf(client)}.`, { cause });
  }
  if (code === GRPC.permissionDenied || code === GRPC.unauthenticated) {
    const { namespace } = client.options;
    return new NotSignedIn(
      `The Temporal server does not let us into the namespace ${namespace}: check the API key or certificate.`,
      { cause },
    );
  }
  return cause;
}

function placeOf({ connection }: Client): string {
  return connection instanceof Connection ? ` at ${connection.options.address}` : '';
}
