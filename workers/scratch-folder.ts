import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/**
 * Folder for what workers of this machine leave each other: per host, because locks do not reach across machines, and per
 * boot, because a restart ends every process and every lock.
 */
export async function scratchFolder(dataDir: string, queue: string): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => 'no-boot-id');
  const key = createHash('sha256').update(`${hostname()}\0${boot.trim()}\0${queue}`).digest('hex').slice(0, 16);
  return join(dataDir, 'scratch', key);
}
