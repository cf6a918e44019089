/**
 * As `Promise.all`, but not before the last has ended, and with the failure that stands first: whoever is told of a failure closes the
 * connection, and a call that still tries again on a closed one takes the process down.
 */
export async function allEnded<const T extends readonly unknown[]>(
  asked: T,
): Promise<{ -readonly [At in keyof T]: Awaited<T[At]> }> {
  await Promise.allSettled(asked);
  return Promise.all(asked);
}
