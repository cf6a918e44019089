import { mkdir } from 'node:fs/promises';
import { ServerMissingError } from './server-missing-error.mjs';

/**
 * Makes a folder of the cache, with those above it. Throws `ServerMissingError`.
 * @param {string} folder
 * @param {string} about what is to be kept there
 */
export async function makeCacheFolder(folder, about) {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ServerMissingError(
      `${about} cannot be kept in ${folder}: ${why}. Set XDG_CACHE_HOME to a folder that can be written.`,
      { cause },
    );
  }
}
