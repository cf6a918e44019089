/** A test server could not be got; the message is for a person. */
export class ServerMissingError extends Error {
  /** @override */
  name = 'ServerMissingError';
}

/** @param {string} output */
export function lastLines(output) {
  return output.trim().split('\n').slice(-5).join('\n    ');
}
