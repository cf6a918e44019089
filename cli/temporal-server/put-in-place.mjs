import { chmod, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TEMPORAL_VERSION, versionOf } from './locate-temporal.mjs';

/** How folders of work that is under way begin. */
export const UNFINISHED = '.unfinished-';

/**
 * @typedef {import('./locate-temporal.mjs').TemporalBinary} TemporalBinary
 * @typedef {{ readonly ok: true, readonly file: string } | { readonly ok: false, readonly reason: string }} Produced
 */

/**
 * Lets `produce` make the program in a folder beside its place, tries it, and moves it there in one step. So the place is
 * empty or holds a whole program, whenever this is interrupted; after a failure nothing is left.
 * @param {string} target
 * @param {(folder: string) => Promise<Produced>} produce
 * @returns {Promise<{ readonly ok: true, readonly binary: TemporalBinary } | { readonly ok: false, readonly reason: string }>}
 */
export async function putInPlace(target, produce) {
  const work = await mkdtemp(join(dirname(target), UNFINISHED));
  try {
    const produced = await produce(work);
    if (!produced.ok) return produced;
    await chmod(produced.file, 0o755);
    const version = await versionOf(produced.file);
    if (version !== TEMPORAL_VERSION) {
      return {
        ok: false,
        reason: `what was made is not Temporal ${TEMPORAL_VERSION}: it says ${version ?? 'nothing'}`,
      };
    }
    await flush(produced.file);
    await rename(produced.file, target);
    await flush(dirname(target));
    return { ok: true, binary: { path: target, version, origin: 'cache' } };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @param {string} path a file or folder, written to the disk before this resolves */
async function flush(path) {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
