import { describe, expect, it } from 'vitest';
import { ok } from '../../contracts/failures.ts';
import type { Prompt } from '../../contracts/prompt.ts';
import { ANY_TIME, type Analyzer, type AnalyzerInput } from '../../analyzers/ports.ts';
import type { ImageFacts } from '../../images/ports.ts';
import { checkFindings } from '../../prompts/check-findings.ts';
import { loadPrompt } from '../../prompts/load-prompt.ts';
import { loadFromDisk } from '../images/load-from-disk.ts';

export interface AnalyzerCases {
  readonly analyzer: Analyzer;
  /** Names of built-in prompts that it answers. */
  readonly prompts: readonly string[];
  /** Absolute path of an image that it can answer for. */
  readonly image: () => Promise<string>;
}

/** The built-in prompt of this name. */
export async function promptNamed(name: string): Promise<Prompt> {
  const prompt = await loadPrompt(name);
  if (!prompt.ok) throw new Error(prompt.failure.message);
  return prompt.value;
}

/** What a bucket says of an image to which nobody gave a type. */
export const FACTS: ImageFacts = {
  contentType: '',
  contentEncoding: '',
  sizeBytes: 1_000,
  generation: '7',
  digest: 'md5:aa',
};

/** Input of a first call for asset `a`, with complete settings. */
export function inputFor(analyzer: Analyzer, prompt: Prompt, change: Partial<AnalyzerInput> = {}): AnalyzerInput {
  const settings = analyzer.parseSettings(change.settings ?? {});
  if (!settings.ok) throw new Error(settings.failure.message);
  return {
    runId: 'run',
    assetId: 'a',
    row: 0,
    attempt: 1,
    images: [],
    load: ({ uri }) => loadFromDisk(uri),
    look: () => Promise.resolve(ok(FACTS)),
    prompt,
    model: analyzer.defaultModel,
    turn: ANY_TIME,
    signal: new AbortController().signal,
    ...change,
    settings: settings.value,
  };
}

/** What every analyzer does. */
export function analyzerSuite(name: string, { analyzer, prompts, image }: AnalyzerCases): void {
  describe(`${name} as an analyzer`, () => {
    it.each(prompts)('answers %s with findings that fit its fields, the same each time', async (promptName) => {
      const prompt = await promptNamed(promptName);
      expect(analyzer.refuses(prompt)).toBeNull();
      const input = inputFor(analyzer, prompt, { images: [{ uri: await image() }] });
      const result = await analyzer.analyze(input);
      if (!result.ok) throw new Error(result.failure.message);
      expect(checkFindings(prompt.fields, result.value.findings)).toMatchObject({ ok: true });
      expect(result.value.visible).toBe(true);
      expect(result.value.modelVersion).not.toBe('');
      expect(await analyzer.analyze(input)).toEqual(result);
    });

    it('completes settings, and completing them again changes nothing', () => {
      const settings = analyzer.parseSettings({});
      if (!settings.ok) throw new Error(settings.failure.message);
      expect(analyzer.parseSettings(settings.value)).toEqual(settings);
      expect(JSON.parse(JSON.stringify(settings.value))).toEqual(settings.value);
    });

    it('refuses a setting that it does not know, by name', () => {
      expect(analyzer.parseSettings({ temprature: 1 })).toMatchObject({
        ok: false,
        failure: { name: 'InvalidRequest', message: expect.stringContaining('analyzer.settings.temprature') },
      });
    });

    it.each([
      [{ maxSidePx: 4 }, 'maxSidePx: '],
      [{ maxSidePx: 'large' }, 'maxSidePx: '],
      [{ reencode: 'heic' }, 'reencode: '],
      [{ reencode: 'jpeg', jpegQuality: 101 }, 'jpegQuality: '],
      [{ jpegQuality: 80 }, 'jpegQuality: needs maxSidePx or reencode=jpeg'],
      [{ maxSidePx: 100, reencode: 'png', jpegQuality: 80 }, 'jpegQuality: needs maxSidePx or reencode=jpeg'],
    ])('refuses %j by the name of the setting', (settings, message) => {
      expect(analyzer.parseSettings(settings)).toMatchObject({
        ok: false,
        failure: { name: 'InvalidRequest', message: expect.stringContaining(`analyzer.settings.${message}`) },
      });
    });

    it.each([{ maxSidePx: 1024 }, { maxSidePx: 1024, jpegQuality: 80 }, { reencode: 'jpeg', jpegQuality: 80 }])(
      'keeps %j among its settings',
      (settings) => {
        expect(analyzer.parseSettings(settings)).toMatchObject({ ok: true, value: settings });
      },
    );

    it('throws the reason of a signal that aborted before', async () => {
      const reason = new Error('not wanted any more');
      const prompt = await promptNamed(prompts[0] ?? '');
      const input = inputFor(analyzer, prompt, { images: [{ uri: await image() }], signal: AbortSignal.abort(reason) });
      await expect(analyzer.analyze(input)).rejects.toBe(reason);
    });
  });
}
