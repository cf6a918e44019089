import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildTemporal } from './build-temporal.mjs';
import { downloadTemporal } from './download-temporal.mjs';
import { UNFINISHED, putInPlace } from './put-in-place.mjs';
import { cachedTemporalPath, locateTemporalBinary } from './locate-temporal.mjs';
import { oneAtATime } from '../../processes/one-at-a-time.mjs';

/**
 * @typedef {import('./locate-temporal.mjs').Environment} Environment
 * @typedef {import('./locate-temporal.mjs').TemporalBinary} TemporalBinary
 * @typedef {(line: string) => void} Say
 */

/** No way to get the program worked; the message is for a person and names the ways to help. */
export class TemporalMissingError extends Error {
  /** @override */
  name = 'TemporalMissingError';
}

/**
 * Gets the Temporal program when it is neither on PATH nor in the user's cache folder: the official download, or else a build
 * from Go modules. Only one process at a time does that for one cache folder; the others wait and find it there.
 * @param {{ readonly say: Say, readonly env?: Environment }} options `say` takes one line for a person
 * @returns {Promise<TemporalBinary>}
 */
export async function obtainTemporal({ say, env = process.env }) {
  const target = cachedTemporalPath(env);
  const folder = dirname(target);
  return oneAtATime(
    `temporal server in ${folder}`,
    async () => {
      const found = await locateTemporalBinary(env);
      if (found.kind === 'binary') return found.binary;
      await prepareFolder(folder);
      const reasons = [...found.unfit];
      for (const produce of [downloadTemporal, buildTemporal]) {
        const result = await putInPlace(target, (work) => produce({ folder: work, say, env }));
        if (result.ok) return result.binary;
        reasons.push(result.reason);
        say(`  ${result.reason}`);
      }
      throw new TemporalMissingError(missingMessage(reasons));
    },
    () => say('Another set-up is getting the Temporal server; waiting for it to end.'),
  );
}

/** @param {string} folder */
async function prepareFolder(folder) {
  try {
    await mkdir(folder, { recursive: true });
    for (const entry of await readdir(folder)) {
      // We hold the lock: whoever made these is dead.
      if (entry.startsWith(UNFINISHED)) await rm(join(folder, entry), { recursive: true, force: true });
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TemporalMissingError(
      `The Temporal server cannot be kept in ${folder}: ${why}. Set XDG_CACHE_HOME to a folder that can be written.`,
      { cause },
    );
  }
}

/** @param {readonly string[]} reasons */
function missingMessage(reasons) {
  return [
    'Sightline needs the Temporal server, a program named `temporal`, and could not get it:',
    ...reasons.map((reason) => `  - ${reason}`),
    'Any one of these helps:',
    '  - put `temporal` 1.8 or newer on PATH: https://docs.temporal.io/cli#install',
    '  - set TEMPORAL_ADDRESS=host:port to a Temporal server that is running',
    '  - install Go 1.26.4 or newer (https://go.dev/dl), or let this machine reach github.com, and try again',
  ].join('\n');
}
