import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../../support/seed.ts';
import { disguisedFiles } from './disguised-files.ts';
import type { HostileFile } from './hostile-file.ts';
import { malformedFiles } from './malformed-files.ts';
import { oversizedFiles } from './oversized-files.ts';
import { truncatedFiles } from './truncated-files.ts';

export interface WrittenFile extends Pick<HostileFile, 'name' | 'ends'> {
  readonly path: string;
}

/** Writes the whole set of hostile files, about 150 of them; the same for the same seed. */
export async function writeHostileSet(folder: string, seed: number): Promise<readonly WrittenFile[]> {
  await mkdir(folder, { recursive: true });
  const written: WrittenFile[] = [];
  const random = seededRandom(seed);
  // One kind after the other: some are large.
  for (const make of [truncatedFiles, disguisedFiles, malformedFiles, oversizedFiles]) {
    for (const { name, bytes, ends } of await make(random)) {
      const path = join(folder, name);
      await writeFile(path, bytes);
      written.push({ name, ends, path });
    }
  }
  return written;
}
