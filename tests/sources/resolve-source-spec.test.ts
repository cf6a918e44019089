import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGoogle } from '../../google/open-google.ts';
import { createSources } from '../../sources/index.ts';
import { resolveSourceSpec } from '../../sources/resolve-source-spec.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('sightline-spec-');
  await mkdir(join(folder.path, 'photos'));
  await writeFile(join(folder.path, 'list.CSV'), '');
  await writeFile(join(folder.path, 'a.jpg'), '');
});
afterAll(async () => folder[Symbol.asyncDispose]());

describe('what a person gave as source', () => {
  it('is a folder or a CSV file, by looking at it', async () => {
    const photos = join(folder.path, 'photos');
    expect(await resolveSourceSpec('photos', folder.path)).toEqual({
      ok: true,
      value: { kind: 'folder', path: photos },
    });
    expect(await resolveSourceSpec('./photos/', folder.path)).toEqual({
      ok: true,
      value: { kind: 'folder', path: photos },
    });
    expect(await resolveSourceSpec(photos, '/')).toEqual({ ok: true, value: { kind: 'folder', path: photos } });
    expect(await resolveSourceSpec('list.CSV', folder.path)).toEqual({
      ok: true,
      value: { kind: 'csv', path: join(folder.path, 'list.CSV') },
    });
  });

  it('takes a place in a bucket for a folder, however it is said', async () => {
    const spec = { kind: 'folder', path: 'gs://bucket/photos/**/*.jpg' } as const;
    expect(await resolveSourceSpec(spec.path, folder.path)).toEqual({ ok: true, value: spec });
    expect(await resolveSourceSpec(spec, folder.path)).toEqual({ ok: true, value: spec });
  });

  it('keeps a specification and makes its path absolute', async () => {
    const spec = { kind: 'csv', path: 'x/list.txt', idColumn: 'ref' } as const;
    expect(await resolveSourceSpec(spec, '/data')).toEqual({ ok: true, value: { ...spec, path: '/data/x/list.txt' } });
  });

  it.each([
    ['none', /^source: The path .*none does not exist/],
    ['a.jpg', /^source: .*a.jpg is none of these: .*say what it is with "kind"/],
    ['', /^source: name a folder/],
    ['  ', /^source: name a folder/],
    ['https://example.com/photos', /^source: https:\/\/example\.com\/photos is an address/],
    [
      'gs://bucket/list.csv',
      /^source: .*list\.csv is a file in a bucket, .* copy it here first with gcloud storage cp/,
    ],
    ['photos\0', /^source: .*zero byte/],
  ])('refuses %j in a sentence', async (text, message) => {
    expect(await resolveSourceSpec(text, folder.path)).toMatchObject({
      ok: false,
      failure: { name: 'InvalidRequest', message: expect.stringMatching(message) },
    });
  });
});

describe('the registry of sources', () => {
  it('finds each source by its kind', () => {
    const sources = createSources(openGoogle());
    for (const kind of sources.kinds) expect(sources.find(kind).kind).toBe(kind);
  });
});
