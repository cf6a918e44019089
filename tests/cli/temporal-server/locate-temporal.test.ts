import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  TEMPORAL_VERSION,
  cachedTemporalPath,
  locateTemporal,
  locateTemporalBinary,
} from '../../../cli/temporal-server/locate-temporal.mjs';
import { temporaryFolder, writeProgram, writeTemporal } from './stand-ins.ts';

test('an address wins over every program', async () => {
  await using folder = await temporaryFolder();
  await writeTemporal(join(folder.path, 'temporal'), '1.8.2');
  const env = { TEMPORAL_ADDRESS: ' temporal.example:7233 ', PATH: folder.path, XDG_CACHE_HOME: folder.path };
  expect(await locateTemporal(env)).toEqual({ kind: 'address', address: 'temporal.example:7233' });
  expect(await locateTemporalBinary(env)).toMatchObject({ kind: 'binary' });
});

test('an empty address is no address', async () => {
  await using folder = await temporaryFolder();
  const env = { TEMPORAL_ADDRESS: '', PATH: '', XDG_CACHE_HOME: folder.path };
  expect(await locateTemporal(env)).toEqual({ kind: 'missing', unfit: [] });
});

test.each(['1.8.0', '1.8.2', '1.10.0', '2.0.0', '1.9.0-rc.1'])(
  'PATH wins over the cache with version %s',
  async (version) => {
    await using folder = await temporaryFolder();
    const path = await writeTemporal(join(folder.path, 'bin', 'temporal'), version);
    const env = { PATH: join(folder.path, 'bin'), XDG_CACHE_HOME: folder.path };
    await writeTemporal(cachedTemporalPath(env), TEMPORAL_VERSION);
    expect(await locateTemporal(env)).toEqual({ kind: 'binary', binary: { path, version, origin: 'PATH' } });
  },
);

test.each(['1.7.9', '1.5.1', '0.13.0'])('version %s on PATH is too old, and the cache is next', async (version) => {
  await using folder = await temporaryFolder();
  const old = await writeTemporal(join(folder.path, 'bin', 'temporal'), version);
  const env = { PATH: join(folder.path, 'bin'), XDG_CACHE_HOME: folder.path };
  expect(await locateTemporal(env)).toEqual({ kind: 'missing', unfit: [`${old} is ${version}, older than 1.8`] });
  const path = await writeTemporal(cachedTemporalPath(env), TEMPORAL_VERSION);
  expect(await locateTemporal(env)).toMatchObject({ binary: { path, origin: 'cache' } });
});

test('a later folder of PATH counts when the first holds an old one', async () => {
  await using folder = await temporaryFolder();
  await writeTemporal(join(folder.path, 'a', 'temporal'), '1.0.0');
  const path = await writeTemporal(join(folder.path, 'b', 'temporal'), '1.8.1');
  const env = { PATH: `${join(folder.path, 'a')}:${join(folder.path, 'b')}`, XDG_CACHE_HOME: folder.path };
  expect(await locateTemporal(env)).toMatchObject({ binary: { path } });
});

test('another program of that name is passed over', async () => {
  await using folder = await temporaryFolder();
  const path = await writeProgram(join(folder.path, 'temporal'), 'echo hello; exit 0');
  const env = { PATH: folder.path, XDG_CACHE_HOME: folder.path };
  expect(await locateTemporal(env)).toEqual({ kind: 'missing', unfit: [`${path} does not tell its version`] });
});

test('a file that cannot be run, and a relative folder of PATH, are passed over', async () => {
  await using folder = await temporaryFolder();
  await chmod(await writeTemporal(join(folder.path, 'temporal'), '1.8.2'), 0o644);
  const env = { PATH: `${folder.path}:.:`, XDG_CACHE_HOME: folder.path };
  expect(await locateTemporal(env)).toEqual({ kind: 'missing', unfit: [] });
});

test('a cached program that does not run here counts as missing', async () => {
  await using folder = await temporaryFolder();
  const env = { PATH: '', XDG_CACHE_HOME: folder.path };
  await writeProgram(cachedTemporalPath(env), 'exit 126');
  expect(await locateTemporal(env)).toEqual({ kind: 'missing', unfit: [] });
});

test('the cache follows the habits of each system', () => {
  const end = `sightline/temporal/${TEMPORAL_VERSION}/temporal`;
  expect(cachedTemporalPath({ HOME: '/home/ann' }, 'linux')).toBe(`/home/ann/.cache/${end}`);
  expect(cachedTemporalPath({ HOME: '/Users/ann' }, 'darwin')).toBe(`/Users/ann/Library/Caches/${end}`);
  expect(cachedTemporalPath({ HOME: '/home/ann', XDG_CACHE_HOME: '/var/cache' }, 'linux')).toBe(`/var/cache/${end}`);
  expect(cachedTemporalPath({ HOME: '/home/ann', XDG_CACHE_HOME: 'relative' }, 'linux')).toBe(
    `/home/ann/.cache/${end}`,
  );
});
