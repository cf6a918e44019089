import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listPrompts } from '../../prompts/list-prompts.ts';
import { loadPrompt } from '../../prompts/load-prompt.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';

const BUILT_IN = [
  'classification',
  'description',
  'photo-quality',
  'resolution',
  'road-sign',
  'storefront',
  'utility-pole',
];
const OWN = 'words: Look.\nfields:\n  - {name: a, type: string}\n';

describe('prompts by name', () => {
  it.each(BUILT_IN)('has %s built in', async (name) => {
    expect(await loadPrompt(name)).toMatchObject({ ok: true, value: { name } });
  });

  it('finds those of the user beside the built-in ones', async () => {
    await using folder = await temporaryFolder('sightline-prompts-');
    await writeFile(join(folder.path, 'poles.yaml'), OWN);
    await writeFile(join(folder.path, 'notes.txt'), 'not a prompt');
    const places = { userFolder: folder.path };
    expect(await loadPrompt('poles', places)).toMatchObject({ ok: true, value: { name: 'poles' } });
    const listed = await listPrompts(places);
    expect(listed.ok && listed.value.map(({ name }) => name)).toEqual([...BUILT_IN, 'poles'].toSorted());
    expect(listed.ok && listed.value.filter(({ builtIn }) => !builtIn).map(({ name }) => name)).toEqual(['poles']);
  });

  it('needs no folder of the user', async () => {
    expect(await listPrompts({ userFolder: '/does/not/exist' })).toMatchObject({ ok: true });
  });

  it('says which names there are, and which was meant', async () => {
    expect(await loadPrompt('photo-qualty')).toMatchObject({
      failure: {
        name: 'InvalidRequest',
        message:
          'There is no prompt "photo-qualty"; did you mean "photo-quality"? Prompts: classification, description, photo-quality, resolution, road-sign, storefront, utility-pole',
      },
    });
    expect(await loadPrompt('../../etc/passwd')).toMatchObject({
      failure: { message: expect.stringMatching(/^There is no prompt .*Prompts: /) },
    });
  });

  it('refuses a file of the user that hides a built-in prompt', async () => {
    await using folder = await temporaryFolder('sightline-prompts-');
    await writeFile(join(folder.path, 'resolution.yaml'), OWN);
    expect(await loadPrompt('resolution', { userFolder: folder.path })).toMatchObject({
      failure: {
        name: 'InvalidRequest',
        message: expect.stringContaining('resolution.yaml has the name of a built-in prompt'),
      },
    });
  });

  it('names the file and line of a broken prompt', async () => {
    await using folder = await temporaryFolder('sightline-prompts-');
    await writeFile(join(folder.path, 'poles.yaml'), 'words: a\nfields: 3\n');
    expect(await loadPrompt('poles', { userFolder: folder.path })).toMatchObject({
      failure: { message: expect.stringContaining(`${join(folder.path, 'poles.yaml')} line 2: "fields"`) },
    });
  });

  it('lists what is broken beside what is not', async () => {
    await using folder = await temporaryFolder('sightline-prompts-');
    await mkdir(join(folder.path, 'folder.yaml'));
    await symlink(join(folder.path, 'gone'), join(folder.path, 'link.yaml'));
    await writeFile(join(folder.path, 'Poles.yaml'), OWN);
    await writeFile(join(folder.path, 'latin1.yaml'), Buffer.from('title: Straße\n', 'latin1'));
    await writeFile(join(folder.path, 'utf16.yaml'), Buffer.from(`\ufeff${OWN}`, 'utf16le'));
    await writeFile(join(folder.path, 'huge.yaml'), 'x'.repeat(1_000_000));
    await writeFile(join(folder.path, 'windows.yaml'), `\ufeff${OWN.replaceAll('\n', '\r\n')}`);
    const listed = await listPrompts({ userFolder: folder.path });
    const own = listed.ok ? listed.value.filter(({ builtIn }) => !builtIn) : [];
    expect(own.map(({ name, check }) => [name, check.ok ? 'ok' : check.problems[0].message])).toEqual([
      ['Poles', expect.stringContaining('the name of the file may hold only a-z')],
      ['folder', 'is a folder, not a file'],
      ['huge', 'is larger than 200 KB'],
      ['latin1', 'is not UTF-8; save it as UTF-8'],
      ['link', 'does not exist; check the path'],
      ['utf16', 'is not UTF-8; save it as UTF-8'],
      ['windows', 'ok'],
    ]);
    expect(await loadPrompt('folder', { userFolder: folder.path })).toMatchObject({
      failure: { message: `Prompt ${join(folder.path, 'folder.yaml')}: is a folder, not a file` },
    });
  });
});
