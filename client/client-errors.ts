/** Names of everything that a client can expect to go wrong. */
export type ClientErrorCode = 'NoTemporalServer' | 'NoWorker' | 'NotSignedIn' | 'RunNotFound' | 'RunExists';

abstract class ClientError extends Error {
  abstract readonly code: ClientErrorCode;
}

/** Nobody answers at the address of the Temporal server. */
export class NoTemporalServer extends ClientError {
  override name = 'NoTemporalServer';
  readonly code = 'NoTemporalServer';
}

/** The server answers, but no worker asks it for work. */
export class NoWorker extends ClientError {
  override name = 'NoWorker';
  readonly code = 'NoWorker';
}

/** The server rejects our credentials, or grants us too little. */
export class NotSignedIn extends ClientError {
  override name = 'NotSignedIn';
  readonly code = 'NotSignedIn';
}

/** Neither Temporal nor the run records know this run, or its results are not in this data folder. */
export class RunNotFound extends ClientError {
  override name = 'RunNotFound';
  readonly code = 'RunNotFound';
}

/** The id is in use, in Temporal or in the run records. */
export class RunExists extends ClientError {
  override name = 'RunExists';
  readonly code = 'RunExists';
}

/** True for each class of this file. */
export function isClientError(error: unknown): error is ClientError {
  return error instanceof ClientError;
}
