import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where programs that set-up gets are kept: `sightline` below XDG_CACHE_HOME, ~/.cache, or ~/Library/Caches.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {NodeJS.Platform} [platform]
 */
export function cacheFolder(env, platform = process.platform) {
  const home = env['HOME'] || homedir();
  const xdg = env['XDG_CACHE_HOME'];
  const ordinary = platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : ordinary, 'sightline');
}
