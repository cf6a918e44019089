import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { FIELD_TYPES } from '../../contracts/prompt.ts';
import { createAnalyzers } from '../../analyzers/index.ts';
import { createNoopAnalyzer } from '../../analyzers/noop-analyzer.ts';
import type { AnalyzerInput } from '../../analyzers/ports.ts';
import { checkFindings } from '../../prompts/check-findings.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { analyzerSuite, inputFor, promptNamed } from '../suites/analyzer.suite.ts';

const analyzer = createNoopAnalyzer();
const description = await promptNamed('description');

analyzerSuite('the noop analyzer', {
  analyzer,
  prompts: ['photo-quality', 'resolution', 'description'],
  image: async () => '/no/such/image.jpg',
});

const call = (settings: Readonly<Record<string, unknown>>, change: Partial<AnalyzerInput> = {}) =>
  analyzer.analyze(inputFor(analyzer, description, { settings, ...change }));

describe('noop answers', () => {
  it('satisfy any fields', async () => {
    const field = fc.record({
      name: fc.stringMatching(/^[a-z]{1,8}$/),
      type: fc.constantFrom(...FIELD_TYPES),
      required: fc.constant(true),
      description: fc.constant(''),
      min: fc.constantFrom(-5, 0, 3),
      max: fc.constantFrom(3, 7),
      maxLength: fc.constantFrom(1, 50),
      values: fc.constant(['x', 'y']),
    });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(field, { selector: ({ name }) => name, minLength: 1 }), async (fields) => {
        const result = await analyzer.analyze(inputFor(analyzer, { ...description, fields }));
        expect(checkFindings(fields, result.ok && result.value.findings)).toMatchObject({ ok: true });
      }),
      { seed: 20_261_121, numRuns: 100 },
    );
  });

  it('are as large as asked', async () => {
    const result = await call({ answerBytes: 200_000 });
    expect(result).toMatchObject({ ok: true, value: { findings: { description: 'x'.repeat(200_000) } } });
    const quality = await promptNamed('photo-quality');
    const short = await analyzer.analyze(inputFor(analyzer, quality, { settings: { answerBytes: 900 } }));
    expect(short).toMatchObject({ value: { findings: { issues: ['x'.repeat(200)] } } });
  });

  it('load images only when told to', async () => {
    const load = vi.fn<AnalyzerInput['load']>(
      async () => ({ ok: false, failure: { name: 'ImageMissing', message: 'none' } }) as const,
    );
    const images = [{ uri: '/a.jpg' }];
    expect(await call({}, { images, load })).toMatchObject({ ok: true });
    expect(load).not.toHaveBeenCalled();
    expect(await call({ loadImages: true }, { images, load })).toMatchObject({
      ok: false,
      failure: { name: 'ImageMissing' },
    });
  });
});

describe('noop failures', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `asset-${index}`);
  const failedIds = async (settings: Readonly<Record<string, unknown>>, attempt = 1) => {
    const results = await Promise.all(ids.map((assetId) => call(settings, { assetId, attempt })));
    return ids.filter((_, index) => results[index]?.ok === false);
  };

  it('hit the same share of assets each time', async () => {
    const failed = await failedIds({ failureShare: 0.2 });
    expect(failed.length).toBeGreaterThan(150);
    expect(failed.length).toBeLessThan(250);
    expect(await failedIds({ failureShare: 0.2 }, 2)).toEqual(failed);
    expect(await failedIds({ failureShare: 0 })).toEqual([]);
    expect(await failedIds({ failureShare: 1 })).toEqual(ids);
  });

  it('can end after some calls', async () => {
    const settings = { failureShare: 0.2, failFirst: 2 };
    expect(await failedIds(settings, 2)).toEqual(await failedIds({ failureShare: 0.2 }));
    expect(await failedIds(settings, 3)).toEqual([]);
  });

  it('are final, or to be retried with a wait', async () => {
    expect(await call({ failureShare: 1, failure: 'AnswerBlocked', waitMs: 50 })).toEqual({
      ok: false,
      failure: { name: 'AnswerBlocked', message: 'The noop analyzer was told to fail on a (call 1)' },
    });
    expect(await call({ failureShare: 1, failure: 'ModelOverloaded', waitMs: 50 })).toMatchObject({
      failure: { name: 'ModelOverloaded' },
      retry: { unpaid: true, waitMs: 50 },
    });
    expect(await call({ failureShare: 1, failure: 'FetchFailed', unpaid: false })).toMatchObject({
      retry: { unpaid: false },
    });
    await expect(call({ failureShare: 1, failure: 'WorkerBug' })).rejects.toThrow('told to break on a');
  });
});

describe('noop time and logs', () => {
  it('writes one line when a call starts and one when it ends', async () => {
    await using folder = await temporaryFolder('sightline-noop-');
    const settings = { callLog: join(folder.path, 'calls.log'), endLog: join(folder.path, 'ends.log') };
    await Promise.all([1, 2, 3].map((attempt) => call(settings, { assetId: 'a b\nc', attempt })));
    const lines = (await readFile(settings.callLog, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/ \d{13}$/, '')).toSorted()).toEqual(['a_b_c 1', 'a_b_c 2', 'a_b_c 3']);
    expect((await readFile(settings.endLog, 'utf8')).trimEnd().split('\n')).toHaveLength(3);
  });

  it('stops waiting at once when the answer is no longer wanted, with only the start logged', async () => {
    await using folder = await temporaryFolder('sightline-noop-');
    const settings = {
      callLog: join(folder.path, 'calls.log'),
      endLog: join(folder.path, 'ends.log'),
      delayMs: 600_000,
    };
    const controller = new AbortController();
    const answer = call(settings, { signal: controller.signal });
    expect(await readFile(settings.callLog, 'utf8')).toMatch(/^a 1 \d{13}\n$/);
    const reason = new Error('cancelled');
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    await expect(readFile(settings.endLog)).rejects.toThrow('ENOENT');
  });

  it('takes as long as asked', async () => {
    const startedAt = performance.now();
    await call({ delayMs: 60 });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(58);
  });
});

describe('noop settings', () => {
  it.each([
    [{ delay: 1 }, /^analyzer\.settings\.delay is unknown to the analyzer noop; its settings are delayMs, /],
    [{ delayMs: '5' }, /^analyzer\.settings\.delayMs: .*number/],
    [{ delayMs: -1 }, /^analyzer\.settings\.delayMs: /],
    [{ delayMs: 600_001 }, /^analyzer\.settings\.delayMs: .*600000/],
    [{ failureShare: 1.5 }, /^analyzer\.settings\.failureShare: /],
    [{ failure: 'Oops' }, /^analyzer\.settings\.failure: must be one of ImageMissing, /],
    [{ failure: 'RunExists' }, /^analyzer\.settings\.failure: must be one of /],
    [{ failFirst: 1.5 }, /^analyzer\.settings\.failFirst: /],
    [{ callLog: 'calls.log' }, /^analyzer\.settings\.callLog: must be an absolute path/],
    [{ loadImages: 'yes' }, /^analyzer\.settings\.loadImages: /],
  ])('refuses %j', (settings, message) => {
    expect(analyzer.parseSettings(settings)).toMatchObject({
      ok: false,
      failure: { name: 'InvalidRequest', message: expect.stringMatching(message) },
    });
  });
});

describe('the registry of analyzers', () => {
  it('finds each analyzer by its kind and nothing else', () => {
    const analyzers = createAnalyzers();
    expect(analyzers.kinds).toEqual(['offline', 'gemini', 'vertexai', 'noop']);
    for (const kind of analyzers.kinds) expect(analyzers.find(kind)?.kind).toBe(kind);
    expect(analyzers.find('gemni')).toBeUndefined();
    expect(analyzers.find('constructor')).toBeUndefined();
  });
});
