import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../config/parse-settings.ts';
import { SETTINGS } from '../../config/settings.ts';

describe('the settings', () => {
  it('have their defaults in an empty environment, with absolute paths', () => {
    const settings = parseSettings({}, '/work');
    expect(settings).toMatchObject({
      dataDir: '/work/.sightline',
      graceMs: SETTINGS.graceMs.default,
      logLevel: 'info',
    });
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('take an empty value as not set, and keep absolute paths', () => {
    const env = { SIGHTLINE_GRACE_MS: ' ', SIGHTLINE_DATA_DIR: '/data' };
    expect(parseSettings(env, '/work')).toMatchObject({ dataDir: '/data', graceMs: SETTINGS.graceMs.default });
  });

  it.each([
    ['localhost:9050', 'http://localhost:9050'],
    ['https://bigquery.example', 'https://bigquery.example'],
  ])('take BIGQUERY_EMULATOR_HOST=%s where ours says nothing', (said, meant) => {
    expect(parseSettings({ BIGQUERY_EMULATOR_HOST: said }, '/work').bigQueryEndpoint).toBe(meant);
    const both = { BIGQUERY_EMULATOR_HOST: said, SIGHTLINE_BIGQUERY_ENDPOINT: 'http://ours:1' };
    expect(parseSettings(both, '/work').bigQueryEndpoint).toBe('http://ours:1');
  });

  it('name the variable that is wrong, also where it is not ours', () => {
    expect(() => parseSettings({ STORAGE_EMULATOR_HOST: 'ftp://x' }, '/work')).toThrow(
      'STORAGE_EMULATOR_HOST is "ftp://x"; it has to be an http(s) address.',
    );
  });

  it('report every problem at once, each with the name, the value and what it can be', () => {
    const env = {
      SIGHTLINE_GRACE_MS: '-1',
      SIGHTLINE_LOCAL_SLOTS: '0',
      SIGHTLINE_HEALTH_PORT: '70000',
      SIGHTLINE_LOG_LEVEL: 'loud',
      SIGHTLINE_IMAGE_MAX_BYTES: '1e9',
    };
    let message = '';
    try {
      parseSettings(env, '/work');
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.split('\n')).toEqual([
      'SIGHTLINE_LOG_LEVEL is "loud"; it can be debug, info, warn, error, silent.',
      'SIGHTLINE_GRACE_MS is "-1"; it has to be a whole number from 0 to 3600000 (ms).',
      'SIGHTLINE_HEALTH_PORT is "70000"; it has to be a whole number from 0 to 65535 (port).',
      'SIGHTLINE_LOCAL_SLOTS is "0"; it has to be a whole number from 1 to 1000 (calls).',
      'SIGHTLINE_IMAGE_MAX_BYTES is "1e9"; it has to be a whole number from 1000 to 1000000000 (bytes).',
    ]);
  });

  it.each(['', '10.0.0.0/8', 'fd00::/8, 127.0.0.1', 'photos.intranet,my_host-1', '::1'])(
    'take the servers %j',
    (list) => {
      expect(parseSettings({ SIGHTLINE_ALLOW_PRIVATE_ADDRESSES: list }, '/work').allowPrivateAddresses).toBe(list);
    },
  );

  it.each([
    '10.0.0.0/33',
    '10.0.0',
    '127.1',
    'fd00::/129',
    'http://photos.intranet',
    'a b',
    'a,,b',
    '10.0.0.1/8/8',
    'a/8',
  ])('refuse the servers %j', (list) => {
    expect(() => parseSettings({ SIGHTLINE_ALLOW_PRIVATE_ADDRESSES: list }, '/work')).toThrow(
      'it has to be host names, IP addresses or CIDR ranges, separated by commas.',
    );
  });
});
