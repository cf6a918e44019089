import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cli } from '../../tests/support/recorded-io.ts';
import type { BadCase, Bench, End } from './bad-case.ts';

/**
 * Makes one case in a folder of its own and tells how it ended, in words that are the same on every machine. Throws when a file
 * that was brought is not as it was.
 */
export async function makeCase({ make }: BadCase, places: readonly string[] = []): Promise<End> {
  const dir = await mkdtemp(join(tmpdir(), 'sightline-bad-'));
  try {
    const brought = new Map<string, Buffer>();
    const { message, ends } = await make(benchIn(dir, places, brought));
    for (const [path, content] of brought) {
      if (!content.equals(await readFile(path))) throw new Error(`${path} was changed`);
    }
    return { message: plain(message, dir), ends: plain(ends, dir) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** `places` are flags that every command line ends with, unless it says where to go itself. */
function benchIn(dir: string, places: readonly string[], brought: Map<string, Buffer>): Bench {
  return {
    dir,
    async write(name, content) {
      const path = join(dir, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      brought.set(path, Buffer.from(content));
      return path;
    },
    sightline: (argv, choice = {}) =>
      cli([...argv, ...(argv.includes('--address') ? [] : places)], { workingDir: dir, ...choice }),
  };
}

/** Without the folder of the case, and without ports that the system chose. */
function plain(text: string, dir: string): string {
  return text
    .replaceAll(`${dir}/`, '')
    .replaceAll(dir, '.')
    .replaceAll(/127\.0\.0\.1:\d{4,5}/g, '127.0.0.1')
    .trim();
}
