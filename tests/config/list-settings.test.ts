import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listSettings } from '../../config/list-settings.ts';
import { SettingsError } from '../../config/parse-settings.ts';
import { SETTINGS } from '../../config/settings.ts';

let dir: string;
let config: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sightline-config-'));
  config = join(dir, 'temporal.toml');
  await writeFile(
    config,
    '[profile.default]\naddress = "file:1"\n[profile.cloud]\naddress = "cloud:7233"\nnamespace = "street"\napi_key = "sesame"\n',
  );
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function list(env: Record<string, string> = {}, flags: { dataDir?: string; address?: string } = {}) {
  const settings = listSettings({
    env: { TEMPORAL_CONFIG_FILE: join(dir, 'none.toml'), ...env },
    workingDir: '/work',
    flags,
  });
  return new Map(settings.map(({ name, ...rest }) => [name, rest]));
}

test('lists every setting once, with its default', () => {
  const settings = list();
  for (const { env, default: ordinary } of Object.values(SETTINGS)) {
    const isFolder = env === SETTINGS.dataDir.env || env === SETTINGS.promptsDir.env;
    expect(settings.get(env)).toEqual({ value: isFolder ? `/work/${ordinary}` : ordinary, origin: 'default' });
  }
  expect(settings.get('TEMPORAL_ADDRESS')).toEqual({ value: 'localhost:7233', origin: 'default' });
  expect(settings.get('TEMPORAL_API_KEY')).toEqual({ value: null, origin: 'default' });
});

test('a flag goes before the environment, the environment before a profile, a profile before the default', () => {
  const env = { TEMPORAL_CONFIG_FILE: config };
  const of = (more: Record<string, string> = {}, flags = {}) =>
    list({ ...env, ...more }, flags).get('TEMPORAL_ADDRESS');
  expect(of()).toEqual({ value: 'file:1', origin: 'profile default of the Temporal CLI' });
  expect(of({ TEMPORAL_PROFILE: 'cloud' })).toEqual({
    value: 'cloud:7233',
    origin: 'profile cloud of the Temporal CLI',
  });
  expect(of({ TEMPORAL_ADDRESS: 'env:1' })).toEqual({ value: 'env:1', origin: 'environment TEMPORAL_ADDRESS' });
  expect(of({ TEMPORAL_ADDRESS: 'env:1' }, { address: 'flag:1' })).toEqual({
    value: 'flag:1',
    origin: 'flag --address',
  });
  expect(list({ SIGHTLINE_DATA_DIR: 'a' }, { dataDir: 'b' }).get('SIGHTLINE_DATA_DIR')).toEqual({
    value: '/work/b',
    origin: 'flag --data-dir',
  });
});

test('never shows a secret', () => {
  for (const env of [{ TEMPORAL_API_KEY: 'sesame' }, { TEMPORAL_CONFIG_FILE: config, TEMPORAL_PROFILE: 'cloud' }]) {
    const settings = list(env);
    expect(settings.get('TEMPORAL_API_KEY')?.value).toBe('set, not shown');
    expect(JSON.stringify([...settings])).not.toContain('sesame');
  }
});

test('an empty variable is none', () => {
  expect(list({ SIGHTLINE_LOG_LEVEL: ' ' }).get('SIGHTLINE_LOG_LEVEL')).toEqual({ value: 'info', origin: 'default' });
});

test('names what cannot be read', async () => {
  expect(() => list({ TEMPORAL_CONFIG_FILE: config, TEMPORAL_PROFILE: 'nobody' })).toThrow(SettingsError);
});

test('a variable that is not ours is named where it is what counts', () => {
  expect(list({ STORAGE_EMULATOR_HOST: 'localhost:4443' }).get('SIGHTLINE_STORAGE_ENDPOINT')).toEqual({
    value: 'http://localhost:4443',
    origin: 'environment STORAGE_EMULATOR_HOST',
  });
});

test('an address is listed without what lets people in', () => {
  const settings = list({
    SIGHTLINE_BIGQUERY_ENDPOINT: 'https://me:word@proxy.example.com',
    SIGHTLINE_STORAGE_ENDPOINT: 'https://proxy.example.com/?key=word',
  });
  expect(settings.get('SIGHTLINE_BIGQUERY_ENDPOINT')?.value).toBe('https://***@proxy.example.com');
  expect(settings.get('SIGHTLINE_STORAGE_ENDPOINT')?.value).toBe('https://proxy.example.com/?key=***');
});
