import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOfflineAnalyzer } from '../../analyzers/offline-analyzer.ts';
import type { AnalyzerResult } from '../../analyzers/ports.ts';
import { noise } from '../images/sample-images.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { analyzerSuite, inputFor, promptNamed } from '../suites/analyzer.suite.ts';

const analyzer = createOfflineAnalyzer();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('sightline-offline-');
});
afterAll(async () => folder[Symbol.asyncDispose]());

async function put(name: string, image: Sharp | Uint8Array): Promise<string> {
  const path = join(folder.path, name);
  await writeFile(path, image instanceof Uint8Array ? image : await image.jpeg({ quality: 92 }).toBuffer());
  return path;
}

const flat = (background: string, width = 400, height = 300) =>
  sharp({ create: { width, height, channels: 3, background } });
const sharpPicture = () => noise(400, 300).linear(0.6, 50);

async function analyze(promptName: string, ...paths: readonly string[]): Promise<AnalyzerResult> {
  const prompt = await promptNamed(promptName);
  return analyzer.analyze(inputFor(analyzer, prompt, { images: paths.map((uri) => ({ uri })) }));
}

async function findings(promptName: string, ...paths: readonly string[]) {
  const result = await analyze(promptName, ...paths);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value.findings;
}

analyzerSuite('the offline analyzer', {
  analyzer,
  prompts: ['photo-quality', 'resolution', 'description'],
  image: () => put('suite.jpg', sharpPicture()),
});

describe('offline photo quality', () => {
  it('finds a good picture usable', async () => {
    expect(await findings('photo-quality', await put('good.jpg', sharpPicture()))).toMatchObject({
      sharpness: expect.closeTo(1, 1),
      exposure: 'good',
      blurred: false,
      usable: true,
      issues: [],
    });
  });

  it.each([
    [
      'a blurred picture',
      () => sharpPicture().blur(8),
      { blurred: true, usable: false, issues: ['blurred', 'low contrast'] },
    ],
    ['a white picture', () => flat('#fefefe'), { exposure: 'over', usable: false, brightness: expect.closeTo(1, 1) }],
    ['a black picture', () => flat('#020202'), { exposure: 'under', usable: false, brightness: expect.closeTo(0, 1) }],
    ['a flat picture', () => flat('#808080'), { contrast: 0, sharpness: 0, usable: false }],
    ['a small picture', () => noise(100, 300), { usable: false, issues: ['small'] }],
  ] as const)('flags %s', async (_, make, expected) => {
    expect(await findings('photo-quality', await put('flaw.jpg', make()))).toMatchObject(expected);
  });

  it('combines several pictures: the best sharpness, mean brightness, usable when one is', async () => {
    const good = await put('g.jpg', sharpPicture());
    const white = await put('w.jpg', flat('#ffffff'));
    const [one, other, both] = [
      await findings('photo-quality', good),
      await findings('photo-quality', white),
      await findings('photo-quality', white, good),
    ];
    expect(both).toMatchObject({ sharpness: one['sharpness'], exposure: 'good', blurred: false, usable: true });
    expect(both['issues']).toEqual(['blurred', 'low contrast', 'over-exposed']);
    expect(both['brightness']).toBeCloseTo((Number(one['brightness']) + Number(other['brightness'])) / 2, 3);
  });
});

describe('offline resolution', () => {
  it('is that of the largest picture, upright', async () => {
    const small = await put('small.jpg', noise(300, 200));
    const tall = await put('tall.jpg', noise(400, 300).withMetadata({ orientation: 6 }));
    expect(await findings('resolution', small, tall)).toEqual({
      width: 300,
      height: 400,
      megapixels: 0.12,
      orientation: 'portrait',
    });
    expect(await findings('resolution', await put('square.jpg', noise(50, 50)))).toMatchObject({
      orientation: 'square',
    });
  });
});

describe('offline description', () => {
  it('always says that it was made without a model, and states facts', async () => {
    const { description, dominant_colors: colors } = await findings(
      'description',
      await put('red.jpg', flat('#e01010')),
    );
    expect(description).toBe(
      'Made offline, without a model, from measurements only. One JPEG image of 400 x 300 pixels, of medium brightness, blurred. Exposure: good. Mostly red.',
    );
    expect(colors).toEqual(['red']);
  });
});

describe('images that cannot be read', () => {
  it('are left out when others can be, and the answer says so', async () => {
    const good = await put('fine.jpg', sharpPicture());
    const cut = await put('cut.jpg', (await sharpPicture().jpeg().toBuffer()).subarray(0, 9000));
    const none = join(folder.path, 'none.jpg');
    expect(await findings('photo-quality', cut, good, none)).toMatchObject({
      usable: true,
      issues: ['2 of 3 images unreadable'],
    });
    expect((await findings('description', cut, good))['description']).toMatch(/could not be read: 1\.$/);
  });

  it('skip the asset with the first failure when all of them fail', async () => {
    const cut = await put('cut.jpg', (await sharpPicture().jpeg().toBuffer()).subarray(0, 9000));
    const none = join(folder.path, 'none.jpg');
    expect(await analyze('photo-quality', cut, none)).toMatchObject({
      ok: false,
      failure: { name: 'ImageUnreadable', message: expect.stringContaining(cut) },
    });
    expect(await analyze('description', none, cut)).toMatchObject({ ok: false, failure: { name: 'ImageMissing' } });
    expect(await analyze('resolution', none)).toMatchObject({ ok: false, failure: { name: 'ImageMissing' } });
  });

  it('are none at all', async () => {
    expect(await analyze('photo-quality')).toMatchObject({ ok: false, failure: { name: 'NoImages' } });
  });
});

describe('what the offline analyzer cannot do', () => {
  it('refuses other prompts in a sentence that names those it answers', async () => {
    const prompt = { ...(await promptNamed('description')), name: 'utility-poles' };
    expect(analyzer.refuses(prompt)).toBe(
      'The offline analyzer cannot answer the prompt "utility-poles"; it answers photo-quality, resolution, description',
    );
    expect(await analyzer.analyze(inputFor(analyzer, prompt))).toMatchObject({ failure: { name: 'RequestRefused' } });
  });

  it('stops between images when the answer is no longer wanted', async () => {
    const controller = new AbortController();
    const loads: string[] = [];
    const input = inputFor(analyzer, await promptNamed('photo-quality'), {
      images: [{ uri: '/1.jpg' }, { uri: '/2.jpg' }],
      signal: controller.signal,
      load: async ({ uri }) => {
        loads.push(uri);
        controller.abort(new Error('cancelled'));
        return { ok: false, failure: { name: 'ImageMissing', message: uri } };
      },
    });
    await expect(analyzer.analyze(input)).rejects.toThrow('cancelled');
    expect(loads).toEqual(['/1.jpg']);
  });
});
