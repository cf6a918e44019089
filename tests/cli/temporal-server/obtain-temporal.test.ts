import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { archiveName } from '../../../cli/temporal-server/download-temporal.mjs';
import { TEMPORAL_VERSION, cachedTemporalPath } from '../../../cli/temporal-server/locate-temporal.mjs';
import { TemporalMissingError, obtainTemporal } from '../../../cli/temporal-server/obtain-temporal.mjs';
import { packTemporal, serveRelease, temporaryFolder, writeProgram, writeTemporal } from './stand-ins.ts';

const ARCHIVE = archiveName() ?? 'none';
const OBTAIN = fileURLToPath(new URL('../../../cli/temporal-server/obtain-temporal.mjs', import.meta.url));
const silent = () => {};

/** `tar` and the shell stay on PATH; Go does not, unless a test puts one there. */
async function environment(
  folder: string,
  url: string,
): Promise<{ PATH: string; HOME: string; XDG_CACHE_HOME: string; SIGHTLINE_TEMPORAL_DOWNLOAD_URL: string }> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await writeProgram(join(bin, 'go'), 'echo "go: not here" >&2; exit 1');
  return { PATH: bin, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), SIGHTLINE_TEMPORAL_DOWNLOAD_URL: url };
}

/** What the cache folder of the release holds. */
async function cacheContent(env: { XDG_CACHE_HOME: string }): Promise<readonly string[]> {
  return readdir(dirname(cachedTemporalPath(env)));
}

function release(bytes: Buffer, sha256: string) {
  return (name: string, response: ServerResponse) => {
    if (name === 'checksums.txt') response.end(`${'0'.repeat(64)}  other.tar.gz\n${sha256}  ${ARCHIVE}\n`);
    else if (name === ARCHIVE) response.end(bytes);
    else response.writeHead(404).end();
  };
}

test('the archive of this platform is downloaded, checked and unpacked', async () => {
  await using folder = await temporaryFolder();
  const { bytes, sha256 } = await packTemporal(folder.path, TEMPORAL_VERSION);
  await using server = await serveRelease(release(bytes, sha256));
  const env = await environment(folder.path, server.url);
  const said: string[] = [];
  const binary = await obtainTemporal({ say: (line) => said.push(line), env });
  expect(binary).toEqual({ path: cachedTemporalPath(env), version: TEMPORAL_VERSION, origin: 'cache' });
  expect(execFileSync(binary.path, ['--version'], { encoding: 'utf8' })).toContain(TEMPORAL_VERSION);
  expect(await cacheContent(env)).toEqual(['temporal']);
  expect(said).toEqual([expect.stringMatching(/^Downloading the Temporal server .*usually/)]);
});

test('an archive with another checksum is refused, and nothing is left', async () => {
  await using folder = await temporaryFolder();
  const { bytes } = await packTemporal(folder.path, TEMPORAL_VERSION);
  const promised = 'a'.repeat(64);
  await using server = await serveRelease(release(bytes, promised));
  const env = await environment(folder.path, server.url);
  await expect(obtainTemporal({ say: silent, env })).rejects.toThrow(
    new RegExp(`was refused: its SHA-256 is .*checksum is ${promised}`),
  );
  expect(await cacheContent(env)).toEqual([]);
});

test('a download that breaks off in the middle leaves nothing', async () => {
  await using folder = await temporaryFolder();
  const { bytes, sha256 } = await packTemporal(folder.path, TEMPORAL_VERSION);
  await using server = await serveRelease((name, response) => {
    if (name === 'checksums.txt') return void response.end(`${sha256}  ${ARCHIVE}\n`);
    response.writeHead(200, { 'content-length': String(bytes.length) });
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  });
  const env = await environment(folder.path, server.url);
  await expect(obtainTemporal({ say: silent, env })).rejects.toThrow(/the download from .* failed/);
  expect(await cacheContent(env)).toEqual([]);
});

test('an archive whose program is another version is refused', async () => {
  await using folder = await temporaryFolder();
  const { bytes, sha256 } = await packTemporal(folder.path, '1.2.3');
  await using server = await serveRelease(release(bytes, sha256));
  const env = await environment(folder.path, server.url);
  await expect(obtainTemporal({ say: silent, env })).rejects.toThrow(/is not Temporal .*: it says 1\.2\.3/);
  expect(await cacheContent(env)).toEqual([]);
});

test.each([
  [
    'no line for this platform',
    (_name: string, response: ServerResponse) => void response.end('nothing\n'),
    /has no line for/,
  ],
  ['not found', (_name: string, response: ServerResponse) => void response.writeHead(404).end(), /answers 404/],
])('a release with %s is refused', async (_case, answer, message) => {
  await using folder = await temporaryFolder();
  await using server = await serveRelease(answer);
  const env = await environment(folder.path, server.url);
  await expect(obtainTemporal({ say: silent, env })).rejects.toThrow(message);
});

test('a killed set-up leaves no program, and the next one clears up and succeeds', async () => {
  await using folder = await temporaryFolder();
  const { bytes, sha256 } = await packTemporal(folder.path, TEMPORAL_VERSION);
  const half = Promise.withResolvers<void>();
  await using stuck = await serveRelease((name, response) => {
    if (name === 'checksums.txt') return void response.end(`${sha256}  ${ARCHIVE}\n`);
    response.write(bytes.subarray(0, bytes.length / 2), () => half.resolve());
  });
  const env = await environment(folder.path, stuck.url);
  const script = `import { obtainTemporal } from ${JSON.stringify(OBTAIN)}; await obtainTemporal({ say: () => {} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env, stdio: 'ignore' });
  await half.promise;
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await cacheContent(env)).toEqual([expect.stringMatching(/^\.unfinished-/)]);

  await using server = await serveRelease(release(bytes, sha256));
  await obtainTemporal({ say: silent, env: { ...env, SIGHTLINE_TEMPORAL_DOWNLOAD_URL: server.url } });
  expect(await cacheContent(env)).toEqual(['temporal']);
});

test('two at once download once; the second says that it waits', async () => {
  await using folder = await temporaryFolder();
  const { bytes, sha256 } = await packTemporal(folder.path, TEMPORAL_VERSION);
  const secondWaits = Promise.withResolvers<void>();
  await using server = await serveRelease((name, response) => {
    if (name === 'checksums.txt') response.end(`${sha256}  ${ARCHIVE}\n`);
    else void secondWaits.promise.then(() => response.end(bytes));
  });
  const env = await environment(folder.path, server.url);
  const say = (line: string) => {
    if (line.includes('waiting')) secondWaits.resolve();
  };
  const both = await Promise.all([obtainTemporal({ say, env }), obtainTemporal({ say, env })]);
  expect(both[0]).toEqual(both[1]);
  expect(server.requests).toEqual(['checksums.txt', ARCHIVE]);
});

test('where the download fails, Go builds with the flags of the release', async () => {
  await using folder = await temporaryFolder();
  const env = await environment(folder.path, 'http://127.0.0.1:9');
  const made = await writeTemporal(join(folder.path, 'made'), TEMPORAL_VERSION);
  await writeProgram(
    join(env.PATH, 'go'),
    `if [ "$1" = version ]; then echo 'go version go1.26.4 linux/amd64'; exit 0; fi
     echo "$PWD CGO=$CGO_ENABLED $*" > ${folder.path}/asked
     while [ "$1" != -o ]; do shift; done; /bin/cp ${made} "$2"`,
  );
  expect(await obtainTemporal({ say: silent, env })).toMatchObject({ version: TEMPORAL_VERSION });
  const asked = readFileSync(join(folder.path, 'asked'), 'utf8');
  expect(asked).toMatch(
    /scripts\/temporal-cli CGO=0 build -trimpath -ldflags -s -w -X github.com\/temporalio\/cli\S+=1\.8\.2 -o/,
  );
  expect(asked).toMatch(/github\.com\/temporalio\/cli\/cmd\/temporal$/m);
  expect(await cacheContent(env)).toEqual(['temporal']);
});

test.each(['go1.26.3', 'go1.25.9', 'go1.22'])('%s is too old to build with', async (version) => {
  await using folder = await temporaryFolder();
  const env = await environment(folder.path, 'off');
  await writeProgram(join(env.PATH, 'go'), `echo 'go version ${version} linux/amd64'`);
  await expect(obtainTemporal({ say: silent, env })).rejects.toThrow(
    `Go 1.26.4 or newer is needed, this is ${version}`,
  );
});

test('a build that fails shows its last lines and leaves nothing', async () => {
  await using folder = await temporaryFolder();
  const env = await environment(folder.path, 'off');
  await writeProgram(
    join(env.PATH, 'go'),
    `if [ "$1" = version ]; then echo 'go version go1.27.0 linux/amd64'; exit 0; fi
     echo 'dial tcp: no such host' >&2; exit 1`,
  );
  await expect(obtainTemporal({ say: silent, env })).rejects.toThrow(/the build failed: dial tcp: no such host/);
  expect(await cacheContent(env)).toEqual([]);
});

test('when nothing works the message names the reasons and the three ways to help', async () => {
  await using folder = await temporaryFolder();
  const env = await environment(folder.path, 'off');
  await writeTemporal(join(env.PATH, 'temporal'), '1.1.0');
  const failure = await obtainTemporal({ say: silent, env }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TemporalMissingError);
  const message = String(failure);
  expect(message).toContain('temporal is 1.1.0, older than 1.8');
  expect(message).toContain('switched off by SIGHTLINE_TEMPORAL_DOWNLOAD_URL');
  expect(message).toContain('Go is not usable (go: not here)');
  expect(message).toContain('put `temporal` 1.8 or newer on PATH');
  expect(message).toContain('set TEMPORAL_ADDRESS=');
  expect(message).toContain('install Go 1.26.4 or newer');
});

test('a cache folder that cannot be made is named', async () => {
  await using folder = await temporaryFolder();
  const env = await environment(folder.path, 'off');
  await writeFile(env.XDG_CACHE_HOME, 'a file');
  await expect(obtainTemporal({ say: silent, env })).rejects.toThrow(/cannot be kept in .*Set XDG_CACHE_HOME/);
});

test('every platform with a release has its archive', () => {
  expect(archiveName('linux', 'x64')).toBe('temporal_cli_1.8.2_linux_amd64.tar.gz');
  expect(archiveName('darwin', 'arm64')).toBe('temporal_cli_1.8.2_darwin_arm64.tar.gz');
  expect(archiveName('win32', 'x64')).toBeUndefined();
  expect(archiveName('linux', 's390x')).toBeUndefined();
});
