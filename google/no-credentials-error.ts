/** Nobody has signed in: Google's libraries would find no default credentials. */
export class NoCredentialsError extends Error {
  override name = 'NoCredentialsError';
}

/** The one that an error is or comes from. */
export function noCredentialsIn(error: unknown): NoCredentialsError | undefined {
  if (error instanceof NoCredentialsError) return error;
  return error instanceof Error ? noCredentialsIn(error.cause) : undefined;
}
