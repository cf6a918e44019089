import { randomBytes } from 'node:crypto';
import { open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listPrompts } from '../../prompts/list-prompts.ts';
import { reasonOf } from '../reason-of.ts';
import { fine, type Check } from './check.ts';

const GB = 1_000_000_000;
/** A full disk stops every run that writes to it. */
const LITTLE_BYTES = 2 * GB;
const TOO_LITTLE_BYTES = GB / 5;

/** Whether the data folder can be written and has room. A folder that is not there yet is judged by the one it will be made in. */
export async function checkDataFolder(dataDir: string): Promise<readonly Check[]> {
  const folder = await nearestFolder(dataDir);
  if (folder === null) {
    return [{ ...UNWRITABLE, message: `${dataDir} cannot be made: a file stands in its way.` }];
  }
  return [await checkWrite(folder, dataDir), await checkRoom(folder)];
}

/** Every prompt that is not built in. */
export async function checkPrompts(promptsDir: string, command: (words: string) => string): Promise<readonly Check[]> {
  const name = 'prompts';
  const listed = await listPrompts({ userFolder: promptsDir });
  if (!listed.ok)
    return [{ name, state: 'problem', message: listed.failure.message, fix: `Fix the files in ${promptsDir}` }];
  const broken = listed.value.flatMap(({ path, check }): Check[] => {
    if (check.ok) return [];
    const [first] = check.problems;
    return [
      {
        name,
        state: 'problem',
        message: `${path}: ${first?.message ?? 'it is broken'}`,
        fix: command(`prompts validate ${path}`),
      },
    ];
  });
  const own = listed.value.filter(({ builtIn }) => !builtIn).length;
  return broken.length > 0 ? broken : [fine(name, `${listed.value.length} valid, ${own} of them in ${promptsDir}`)];
}

const UNWRITABLE = {
  name: 'data folder',
  state: 'problem',
  fix: 'Choose another one with --data-dir or SIGHTLINE_DATA_DIR, or make it writable',
} as const;

async function nearestFolder(path: string): Promise<string | null> {
  try {
    return (await stat(path)).isDirectory() ? path : null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTDIR') return null;
    return dirname(path) === path ? path : nearestFolder(dirname(path));
  }
}

/** Only writing tells whether a folder can be written. */
async function checkWrite(folder: string, dataDir: string): Promise<Check> {
  const probe = join(folder, `.sightline-${randomBytes(6).toString('hex')}.tmp`);
  try {
    await using file = await open(probe, 'wx');
    await file.writeFile('');
  } catch (error) {
    return { ...UNWRITABLE, message: `${dataDir} cannot be written: ${reasonOf(error)}` };
  } finally {
    await rm(probe, { force: true });
  }
  return fine('data folder', folder === dataDir ? dataDir : `${dataDir}, made when it is needed`);
}

async function checkRoom(folder: string): Promise<Check> {
  const { bavail, bsize } = await statfs(folder);
  return judgeRoom(bavail * bsize);
}

/** Judges the bytes that are free on the disk of the data folder. */
export function judgeRoom(freeBytes: number): Check {
  const message = `${(freeBytes / GB).toFixed(1)} GB free`;
  if (freeBytes >= LITTLE_BYTES) return fine('disk', message);
  return {
    name: 'disk',
    state: freeBytes < TOO_LITTLE_BYTES ? 'problem' : 'warning',
    message: `Only ${message}.`,
    fix: 'Free space, or choose another disk with --data-dir',
  };
}
