import { describe, expect, it } from 'vitest';
import { resolveAnalysis } from '../../activities/prepare/resolve-analysis.ts';
import { analysisDeps as deps } from './analysis-deps.ts';

describe('what an asset is asked', () => {
  it('is complete: prompt with digest, analyzer, model and settings', async () => {
    const resolved = await resolveAnalysis(deps, 'photo-quality', { kind: 'offline' });
    expect(resolved).toMatchObject({
      ok: true,
      value: { spec: { analyzer: 'offline', model: 'offline', settings: {} } },
    });
    expect(resolved.ok && resolved.value.spec.prompt.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['photo-quality', { kind: 'oracle' }, /"oracle"; there are: offline, gemini, vertexai, noop/],
    ['photo-quality', { kind: 'offline', model: 'gpt' }, /offline has no model "gpt"/],
    [
      'photo-quality',
      { kind: 'gemini', model: '../../evil?x=1' },
      /"\.\.\/\.\.\/evil\?x=1" cannot be the name of a model/,
    ],
    ['photo-qualty', { kind: 'offline' }, /photo-quality/],
    ['photo-quality', { kind: 'noop', settings: { delayMs: 'long' } }, /delayMs/],
    ['photo-quality', { kind: 'noop', settings: { delay: 5 } }, /delay/],
  ])('is refused for %s with %j', async (prompt, analyzer, sentence) => {
    const resolved = await resolveAnalysis(deps, prompt, analyzer);
    expect(resolved).toMatchObject({ ok: false, failure: { name: 'InvalidRequest' } });
    expect(resolved.ok ? '' : resolved.failure.message).toMatch(sentence);
  });
});
