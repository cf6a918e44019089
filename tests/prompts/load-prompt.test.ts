import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listPrompts, loadPrompt } from '../../prompts/load-prompt.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';

const OWN = 'words: Look.\nfields:\n  - {name: a, type: string}\n';

describe('prompts by name', () => {
  it.each(['photo-quality', 'resolution', 'description'])('has %s built in', async (name) => {
    expect(await loadPrompt(name)).toMatchObject({ ok: true, value: { name } });
  });

  it('finds those of the user beside the built-in ones', async () => {
    await using folder = await temporaryFolder('sightline-prompts-');
    await writeFile(join(folder.path, 'poles.yaml'), OWN);
    await writeFile(join(folder.path, 'notes.txt'), 'not a prompt');
    const places = { userFolder: folder.path };
    expect(await loadPrompt('poles', places)).toMatchObject({ ok: true, value: { name: 'poles' } });
    expect(await listPrompts(places)).toEqual({
      ok: true,
      value: ['description', 'photo-quality', 'poles', 'resolution'],
    });
  });

  it('needs no folder of the user', async () => {
    expect(await listPrompts({ userFolder: '/does/not/exist' })).toMatchObject({ ok: true });
  });

  it('says which names there are, and which was meant', async () => {
    expect(await loadPrompt('photo-qualty')).toMatchObject({
      failure: {
        name: 'InvalidRequest',
        message:
          'There is no prompt "photo-qualty"; did you mean "photo-quality"? Prompts: description, photo-quality, resolution',
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
});
