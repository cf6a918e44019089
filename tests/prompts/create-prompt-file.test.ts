import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPromptFile } from '../../prompts/check-prompt-file.ts';
import { createPromptFile } from '../../prompts/create-prompt-file.ts';
import { FIELD_TYPES } from '../../contracts/prompt.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';

describe('a new prompt file', () => {
  it('is right as it stands and shows every type of field', async () => {
    await using folder = await temporaryFolder('sightline-prompts-');
    const userFolder = join(folder.path, 'not', 'there', 'yet');
    const path = join(userFolder, 'bench.yaml');
    expect(await createPromptFile({ name: 'bench', userFolder })).toEqual({ ok: true, value: path });
    const check = await checkPromptFile(path);
    const types = check.ok ? check.prompt.fields.map(({ type }) => type) : check.problems;
    for (const type of FIELD_TYPES) {
      if (types.includes(type as never)) continue;
      // A type that no field has is named beside one that is like it.
      expect(await readFile(path, 'utf8')).toContain(`"${type}"`);
    }
    expect(check).toMatchObject({ ok: true, prompt: { name: 'bench', subject: expect.any(String) } });
  });

  it('can be a copy of another prompt, comments and all', async () => {
    await using folder = await temporaryFolder('sightline-prompts-');
    const userFolder = folder.path;
    const created = await createPromptFile({ name: 'my-poles', userFolder, from: 'utility-pole' });
    const text = await readFile(created.ok ? created.value : '', 'utf8');
    expect(text).toMatch(/^# What hangs on this pole/);
    const again = await createPromptFile({ name: 'your-poles', userFolder, from: 'my-poles' });
    expect(await readFile(again.ok ? again.value : '', 'utf8')).toBe(text);
  });

  it('never overwrites anything', async () => {
    await using folder = await temporaryFolder('sightline-prompts-');
    const path = join(folder.path, 'bench.yaml');
    await writeFile(path, 'mine');
    await mkdir(join(folder.path, 'lamp.yaml'));
    for (const name of ['bench', 'lamp', 'resolution']) {
      expect(await createPromptFile({ name, userFolder: folder.path })).toMatchObject({
        failure: { name: 'InvalidRequest', message: expect.stringMatching(/exists already|is built in/) },
      });
    }
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  it.each([
    ['Bench', undefined, /cannot name a prompt; use a-z, 0-9 and -/],
    ['../bench', undefined, /cannot name a prompt/],
    ['', undefined, /cannot name a prompt/],
    ['bench', 'utility-pol', /There is no prompt "utility-pol" to copy; did you mean "utility-pole"\?/],
    ['bench', 'x', /There is no prompt "x" to copy; there are classification, /],
  ])('%j from %j is refused', async (name, from, message) => {
    await using folder = await temporaryFolder('sightline-prompts-');
    const created = await createPromptFile({ name, userFolder: folder.path, ...(from === undefined ? {} : { from }) });
    expect(created).toMatchObject({ failure: { message: expect.stringMatching(message) } });
  });

  it('names the folder that cannot be written', async () => {
    await using folder = await temporaryFolder('sightline-prompts-');
    await writeFile(join(folder.path, 'file'), '');
    await chmod(join(folder.path, 'file'), 0o600);
    const userFolder = join(folder.path, 'file', 'prompts');
    expect(await createPromptFile({ name: 'bench', userFolder })).toMatchObject({
      failure: { message: expect.stringContaining(`${join(userFolder, 'bench.yaml')} (ENOTDIR)`) },
    });
  });
});
