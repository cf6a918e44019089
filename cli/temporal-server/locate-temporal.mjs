import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { cacheFolder } from '../../processes/cache-folder.mjs';
import { runProgram } from '../../processes/run-program.mjs';

/** The release that set-up gets; any `temporal` on PATH from 1.8 on is taken as it is. */
export const TEMPORAL_VERSION = '1.8.2';

/**
 * @typedef {Readonly<Record<string, string | undefined>>} Environment
 * @typedef {{ readonly path: string, readonly version: string, readonly origin: 'PATH' | 'cache' }} TemporalBinary
 * @typedef {{ readonly kind: 'address', readonly address: string }
 *   | { readonly kind: 'binary', readonly binary: TemporalBinary }
 *   | { readonly kind: 'missing', readonly unfit: readonly string[] }} TemporalLocation
 */

/**
 * Where a Temporal server comes from, in this order: the address in TEMPORAL_ADDRESS; `temporal` on PATH; the user's cache
 * folder. `unfit` has one sentence for each program on PATH that cannot be used. Changes nothing and uses no network.
 * @param {Environment} [env]
 * @returns {Promise<TemporalLocation>}
 */
export async function locateTemporal(env = process.env) {
  const address = env['TEMPORAL_ADDRESS']?.trim();
  if (address) return { kind: 'address', address };
  return locateTemporalBinary(env);
}

/**
 * The same without TEMPORAL_ADDRESS, for those who need a server of their own.
 * @param {Environment} [env]
 * @returns {Promise<Exclude<TemporalLocation, { kind: 'address' }>>}
 */
export async function locateTemporalBinary(env = process.env) {
  const unfit = [];
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const path = join(folder, 'temporal');
    if (!(await isExecutable(path))) continue;
    const version = await versionOf(path);
    if (version === undefined) unfit.push(`${path} does not tell its version`);
    else if (!isNewEnough(version)) unfit.push(`${path} is ${version}, older than 1.8`);
    else return { kind: 'binary', binary: { path, version, origin: 'PATH' } };
  }
  const path = cachedTemporalPath(env);
  if ((await isExecutable(path)) && (await versionOf(path)) === TEMPORAL_VERSION) {
    return { kind: 'binary', binary: { path, version: TEMPORAL_VERSION, origin: 'cache' } };
  }
  return { kind: 'missing', unfit };
}

/**
 * Where set-up puts the program.
 * @param {Environment} [env]
 * @param {NodeJS.Platform} [platform]
 */
export function cachedTemporalPath(env = process.env, platform = process.platform) {
  return join(cacheFolder(env, platform), 'temporal', TEMPORAL_VERSION, 'temporal');
}

/**
 * What `temporal --version` says, as `1.8.2`; undefined when it says something else or cannot be run.
 * @param {string} path
 */
export async function versionOf(path) {
  const { code, output } = await runProgram(path, ['--version'], { timeoutMs: 20_000 });
  return code === 0 ? /^temporal version v?(\d+\.\d+\.\S+)/m.exec(output)?.[1] : undefined;
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 1 || (major === 1 && minor >= 8);
}

/** @param {string} path */
async function isExecutable(path) {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
