import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @typedef {{ readonly version?: string, readonly integrity?: string, readonly optional?: boolean, readonly peer?: boolean }} LockedPackage
 * @typedef {Readonly<Record<string, LockedPackage>>} LockedPackages
 */

/**
 * Whether node_modules lacks something that package-lock.json has, or holds another version of it. npm writes down what it
 * installed in `node_modules/.package-lock.json` when it is done, so that a broken-off install differs too, and one made by
 * hand does not. Optional packages may be missing: most are for other platforms.
 * @param {string} root
 */
export async function packagesDiffer(root) {
  const wanted = await lockedPackages(join(root, 'package-lock.json'));
  if (wanted === undefined) throw new Error(`${join(root, 'package-lock.json')} cannot be read`);
  const installed = await lockedPackages(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return true;
  return Object.entries(wanted).some(([path, { version, integrity, optional }]) => {
    if (path === '') return false;
    const there = installed[path];
    if (there === undefined) return optional !== true;
    return there.version !== version || there.integrity !== integrity;
  });
}

/**
 * @param {string} path
 * @returns {Promise<LockedPackages | undefined>}
 */
async function lockedPackages(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
