import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRequest } from '../../activities/prepare/parse-request.ts';
import { runCli } from '../../cli/run-cli.ts';
import { createContext } from '../../cli/cli-context.ts';
import { parseMap, sourceOf, sourceWords, type SourceOptions } from '../../cli/source-options.ts';
import { recordedIo } from '../support/recorded-io.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-options-'));
});
afterAll(() => rm(folder, { recursive: true }));

function source(typed: string, options: SourceOptions = {}, stdin?: string) {
  const io = recordedIo({ workingDir: '/photos', ...(stdin === undefined ? {} : { stdin }) });
  return sourceOf(createContext(io, { dataDir: folder }), typed, options);
}

describe('the source of a command line', () => {
  test('is a path that became absolute, or an address as it was typed', async () => {
    expect(await source('a.csv')).toBe('/photos/a.csv');
    expect(await source('gs://bucket/photos')).toBe('gs://bucket/photos');
  });

  test('is what its ending says, with the options', async () => {
    expect(await source('a.csv', { map: ['id=pole,url=front', 'image=back'] })).toEqual({
      kind: 'csv',
      path: '/photos/a.csv',
      map: { id: 'pole', image: ['front', 'back'] },
    });
    expect(await source('in/a.txt', { base: 'shots' })).toEqual({
      kind: 'list',
      path: '/photos/in/a.txt',
      base: '/photos/shots',
    });
    expect(await source('a.dat', { format: 'jsonl', encoding: 'utf-16le' })).toEqual({
      kind: 'jsonl',
      path: '/photos/a.dat',
      encoding: 'utf-16le',
    });
    expect(await source('bq://p.d.t', { assetClass: ['ROAD_SIGN'], limit: 5, base: 'gs://pics' })).toEqual({
      kind: 'bigquery',
      path: 'bq://p.d.t',
      filters: { assetClass: ['ROAD_SIGN'] },
      limit: 5,
      base: 'gs://pics',
    });
    expect(await source('shots', { group: '{id}_*' })).toEqual({
      kind: 'folder',
      path: '/photos/shots',
      group: '{id}_*',
    });
  });

  test.each<[typed: string, options: SourceOptions, message: RegExp]>([
    ['a.dat', { map: ['id=x'] }, /ending of a.dat does not say what it is/],
    ['a.txt', { map: ['id=x'] }, /--map says nothing about a.txt, which is read as list/],
    ['a.csv', { capturedAfter: '2026-01-01' }, /--captured-after says nothing about a.csv, which is read as csv/],
    ['a.csv', { assetClass: ['POLE'] }, /--asset-class says nothing about a.csv/],
    ['bq://p.d.t', { box: '40,-112,41,-111', around: '40,-111,5' }, /--box and --around are two areas; give one/],
    ['a.csv', { map: ['id'] }, /--map takes role=column, not "id"/],
    ['a.csv', { map: ['=x'] }, /--map takes role=column/],
    ['a.csv', { map: ['idd=x'] }, /--map knows no role "idd"/],
    ['a.csv', { map: ['id=x,id=y'] }, /--map names a column for id twice/],
  ])('is refused in a sentence: %s %j', async (typed, options, message) => {
    await expect(source(typed, options)).rejects.toThrow(message);
  });
});

describe('filters of street imagery', () => {
  const filters = async (options: SourceOptions) => {
    const spec = await source('bq://p.d.t', options);
    return typeof spec !== 'string' && spec.kind === 'bigquery' ? spec.filters : undefined;
  };

  test('are typed as options, and are the filters of a request', async () => {
    const box = { box: '-34.1,150.5,-33.5,151.4', snapshot: 's-1', assetClass: ['ROAD_SIGN', 'POLE'] };
    expect(await filters(box)).toEqual({
      area: { box: { south: -34.1, west: 150.5, north: -33.5, east: 151.4 } },
      snapshot: 's-1',
      assetClass: ['ROAD_SIGN', 'POLE'],
    });
    const around = {
      around: '40.76, -111.89, 5000',
      capturedAfter: '2024-01-01',
      detectedBefore: '2026-01-01T10:20:00Z',
    };
    expect(await filters(around)).toEqual({
      area: { centre: { latitude: 40.76, longitude: -111.89 }, radiusM: 5000 },
      capturedAfter: '2024-01-01',
      detectedBefore: '2026-01-01T10:20:00Z',
    });
    expect(await filters({ limit: 3 })).toBeUndefined();
  });

  test('are what a request may say', async () => {
    const options = { box: '1,170,2,-170', capturedAfter: '2024-01-01', capturedBefore: '04.05.2026', snapshot: 's' };
    const parsed = parseRequest({ source: await source('bq://project.d.t', options) });
    expect(parsed).toMatchObject({ ok: true });
  });

  test('are typed again in the next command', () => {
    const options = { around: '40.76,-111.89,5000', assetClass: ['POLE'], detectedAfter: '2026-01-01' };
    expect(sourceWords(options, (text) => text).join(' ')).toBe(
      '--around 40.76,-111.89,5000 --detected-after 2026-01-01 --asset-class POLE',
    );
  });

  test.each([
    ['--box', '40,-112,41', /It takes south,west,north,east in degrees/],
    ['--box', '41,-112,40,-111', /It takes south,west,north,east/],
    ['--box', '40,-190,41,-111', /It takes south,west,north,east/],
    ['--around', '40.76,-111.89,0', /It takes latitude,longitude in degrees and metres/],
    ['--around', '91,0,5', /It takes latitude,longitude/],
    ['--around', '40.76;-111.89;5', /It takes latitude,longitude/],
    ['--captured-after', '5/4/2026', /It takes a day or time such as 2026-05-04/],
    ['--detected-before', '2026-02-31', /It takes a day or time/],
    ['--snapshot', ' ', /It takes the id of a snapshot/],
  ])('are refused in a sentence: %s %s', async (flag, value, message) => {
    const io = recordedIo({ workingDir: '/photos' });
    expect(await runCli(['sources', 'inspect', 'bq://project.d.t', flag, value], io)).toBe(2);
    expect(io.err()).toMatch(message);
  });
});

describe('standard input', () => {
  test.each([
    ['a.jpg\nb.jpg\n', 'list', '.txt'],
    ['{"id":1,"image":"a.jpg"}\n', 'jsonl', '.jsonl'],
  ])('%j is kept as a %s, because a run outlives the pipe', async (text, kind, ending) => {
    const spec = await source('-', {}, text);
    expect(spec).toEqual({
      kind,
      path: expect.stringMatching(new RegExp(`/inputs/[0-9a-f]{32}\\${ending}$`)),
      base: '/photos',
    });
    if (typeof spec === 'string') throw new Error('not kept');
    expect(await readFile(spec.path, 'utf8')).toBe(text);
    expect(await source('-', {}, text)).toEqual(spec);
  });

  test('is read as what it is said to be', async () => {
    expect(await source('-', { format: 'csv', map: ['id=x'] }, 'x,image\n')).toMatchObject({
      kind: 'csv',
      map: { id: 'x' },
    });
  });

  test('is refused when nothing comes through it', async () => {
    await expect(source('-', {}, ' \n')).rejects.toThrow('Standard input is empty');
    await expect(source('-')).rejects.toThrow('Standard input is a terminal');
    await expect(source('-', { format: 'folder' }, 'a')).rejects.toThrow('A folder cannot come through standard input');
  });
});

test('a map that was printed reads as the same map', () => {
  const column = fc
    .string({ minLength: 1, maxLength: 10 })
    .map((name) => name.replaceAll(',', ';').trim())
    .filter((name) => name !== '');
  const map = fc.record(
    { id: column, latitude: column, time: column, image: fc.array(column, { minLength: 1, maxLength: 3 }) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(map, ({ image = [], ...others }) => {
      const pairs = [
        ...Object.entries(others).map(([role, name]) => `${role}=${name}`),
        ...image.map((name) => `image=${name}`),
      ];
      const expected = { ...others, ...(image.length > 0 && { image }) };
      expect(parseMap(pairs)).toEqual(expected);
      if (pairs.length > 0) expect(parseMap([pairs.join(',')])).toEqual(expected);
    }),
    { seed: 20_261_121 },
  );
});

test('the options are typed again as they were', () => {
  const options: SourceOptions = { format: 'csv', delimiter: '\t', rowsPerAsset: 'many', map: ['id=a_b', 'image=c'] };
  expect(sourceWords(options, (word) => word)).toEqual(
    '--format csv --rows-per-asset many --delimiter tab --map id=a_b --map image=c'.split(' '),
  );
});
