import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('keeps a specification and makes its path absolute', async () => {
    const spec = { kind: 'csv', path: 'x/list.txt', idColumn: 'ref' } as const;
    expect(await resolveSourceSpec(spec, '/data')).toEqual({ ok: true, value: { ...spec, path: '/data/x/list.txt' } });
  });

  it.each([
    ['none', /^source: The path .*none does not exist/],
    ['a.jpg', /^source: .*a.jpg is none of these: .*say what it is with "kind"/],
    ['', /^source: name a folder/],
    ['  ', /^source: name a folder/],
    ['gs://bucket/photos', /^source: gs:\/\/bucket\/photos is an address/],
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
    const sources = createSources();
    for (const kind of sources.kinds) expect(sources.find(kind).kind).toBe(kind);
  });
});
