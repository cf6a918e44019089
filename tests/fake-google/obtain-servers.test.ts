import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { pythonFolder, storageServerPath, wholeMark } from '../../fake-google/servers/locate-servers.mjs';
import { obtainPython } from '../../fake-google/servers/obtain-python.mjs';
import { obtainStorageServer } from '../../fake-google/servers/obtain-storage-server.mjs';
import { ServerMissingError } from '../../fake-google/servers/server-missing-error.mjs';
import { temporaryFolder, writeProgram } from '../cli/temporal-server/stand-ins.ts';

const silent = () => {};

/** `mkdir` and its like stay usable; Python and Go are what a test puts there. */
function environment(folder: string) {
  return { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), PATH: `${join(folder, 'bin')}:/usr/bin:/bin` };
}

/** A `python3` that makes environments whose own python writes down what it is asked. */
const PYTHON = `
case "$1" in
  --version) echo 'Python 3.12.1' ;;
  *) mkdir -p "$3/bin"; printf '#!/bin/sh\\necho "$@" >> "%s/asked"\\n' "$3" > "$3/bin/python"; chmod 755 "$3/bin/python" ;;
esac`;

async function pythonOptions(folder: string) {
  const lockFile = join(folder, 'lock.txt');
  await writeFile(lockFile, 'sample==1.0\n');
  return { name: 'sample', lockFile, about: 'the sample', say: silent, env: environment(folder) };
}

test('a Python environment is made once from its lock file', async () => {
  await using folder = await temporaryFolder();
  await writeProgram(join(folder.path, 'bin', 'python3'), PYTHON);
  const options = await pythonOptions(folder.path);
  const [first, second] = await Promise.all([obtainPython(options), obtainPython(options)]);
  expect(second).toBe(first);
  const asked = await readFile(join(dirname(dirname(first)), 'asked'), 'utf8');
  expect(asked.trim().split('\n')).toEqual([expect.stringContaining(`pip install`)]);
  expect(asked).toContain(`-r ${options.lockFile}`);
});

test('an environment that was left half made is made anew', async () => {
  await using folder = await temporaryFolder();
  await writeProgram(join(folder.path, 'bin', 'python3'), PYTHON);
  const options = await pythonOptions(folder.path);
  const place = pythonFolder('sample', options.lockFile, options.env);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'rest'), '');
  await obtainPython(options);
  await expect(readFile(join(place, 'rest'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readFile(wholeMark(place), 'utf8')).toBe('');
});

test.each([
  [
    'no Python',
    'echo "not here" >&2; exit 1',
    /the sample needs Python 3\.11 or newer, and python3 is not usable: not here/,
  ],
  ['an old Python', 'echo "Python 3.9.2"', /needs Python 3\.11 or newer, and python3 is 3\.9/],
  [
    'Python without venv',
    'case "$1" in --version) echo "Python 3.11.2" ;; *) echo "ensurepip is not available"; exit 1 ;; esac',
    /ensurepip is not available On Debian and Ubuntu run: apt-get install python3-venv/,
  ],
])('%s is told in one sentence', async (_, script, message) => {
  await using folder = await temporaryFolder();
  await writeProgram(join(folder.path, 'bin', 'python3'), script);
  const failed = obtainPython(await pythonOptions(folder.path));
  await expect(failed).rejects.toThrow(ServerMissingError);
  await expect(failed).rejects.toThrow(message);
});

test('fake-gcs-server is built once, and a build that fails leaves nothing', async () => {
  await using folder = await temporaryFolder();
  const env = environment(folder.path);
  const go = join(folder.path, 'bin', 'go');
  await writeProgram(go, '[ "$1" = version ] && exit 0; echo "no such module" >&2; exit 1');
  await expect(obtainStorageServer({ say: silent, env })).rejects.toThrow(/cannot be built: no such module/);
  await writeProgram(go, '[ "$1" = version ] && exit 0; echo built > "$GOBIN/fake-gcs-server"');
  const path = await obtainStorageServer({ say: silent, env });
  expect(path).toBe(storageServerPath(env));
  await writeProgram(go, 'exit 1');
  expect(await obtainStorageServer({ say: silent, env })).toBe(path);
  expect(await readFile(path, 'utf8')).toBe('built\n');
});

test('without Go it is told what to install', async () => {
  await using folder = await temporaryFolder();
  await writeProgram(join(folder.path, 'bin', 'go'), 'echo "go: broken" >&2; exit 1');
  await expect(obtainStorageServer({ say: silent, env: environment(folder.path) })).rejects.toThrow(
    /needs Go \(https:\/\/go\.dev\/dl\) to be built, and go is not usable: go: broken/,
  );
});

test('a cache folder that cannot be written is told with the way out', async () => {
  await using folder = await temporaryFolder();
  await writeProgram(join(folder.path, 'bin', 'go'), 'exit 0');
  await writeFile(join(folder.path, 'cache'), 'a file');
  await expect(obtainStorageServer({ say: silent, env: environment(folder.path) })).rejects.toThrow(
    /^fake-gcs-server cannot be kept in .*Set XDG_CACHE_HOME to a folder that can be written\.$/,
  );
});
