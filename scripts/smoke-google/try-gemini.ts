import sharp from 'sharp';
import { createGeminiAnalyzer } from '../../analyzers/gemini/gemini-analyzer.ts';
import { ANY_TIME, type AnalyzerResult } from '../../analyzers/ports.ts';
import { imageLimitsOf } from '../../config/image-limits.ts';
import { modelAccessOf } from '../../config/model-access.ts';
import { openGoogle } from '../../google/open-google.ts';
import { loadPrompt } from '../../prompts/load-prompt.ts';
import { openImageDesks } from '../../workers/open-image-desks.ts';
import type { SmokeBench } from './smoke-bench.ts';

const OBJECT = 'red-circle.jpg';
const CIRCLE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256" fill="white"/><circle cx="128" cy="128" r="90" fill="red"/></svg>';

/** A picture in the bucket, which Vertex AI reads by its name. */
export async function tryAnswer(bench: SmokeBench): Promise<string> {
  const picture = await sharp(Buffer.from(CIRCLE)).jpeg().toBuffer();
  const bucket = (await bench.storage()).bucket(bench.bucket);
  await bucket.file(OBJECT).save(picture, { contentType: 'image/jpeg', resumable: false });
  const answered = await ask(bench);
  if (!answered.ok) throw new Error(answered.failure.message);
  const { inputTokens, outputTokens } = answered.value.usage;
  const said = JSON.stringify(answered.value.findings['description']);
  return `Of a red circle it says ${said}, for ${inputTokens} tokens in and ${outputTokens} out.`;
}

export async function tryUnknownModel(bench: SmokeBench): Promise<string> {
  const answered = await ask(bench, 'gemini-0-never-made');
  if (answered.ok) throw new Error('A model that was never made has answered.');
  const { name, message } = answered.failure;
  if (name !== 'CredentialsRejected')
    throw new Error(`It is taken for ${name}, which does not pause a run: ${message}`);
  return `A run would pause: ${message}`;
}

async function ask(bench: SmokeBench, model?: string): Promise<AnalyzerResult> {
  const { settings, project, bucket } = bench;
  const access = modelAccessOf({ ...settings, googleCloudProject: project }).vertexai;
  const analyzer = createGeminiAnalyzer(access);
  const prompt = await loadPrompt('description');
  const parsed = analyzer.parseSettings({});
  if (!prompt.ok || !parsed.ok) throw new Error('The built-in prompt or the default settings are broken.');
  const signal = AbortSignal.timeout(settings.modelTimeoutMs);
  await using desks = openImageDesks(settings, openGoogle(settings));
  using desk = desks.open({ limits: imageLimitsOf(settings), changes: {}, signal });
  return await analyzer.analyze({
    runId: 'smoke',
    assetId: 'red-circle',
    row: -1,
    attempt: 1,
    images: [{ uri: `gs://${bucket}/${OBJECT}` }],
    load: () => Promise.reject(new Error('Vertex AI reads the picture itself.')),
    look: (image) => desk.look(image),
    prompt: prompt.value,
    model: model ?? analyzer.defaultModel,
    settings: parsed.value,
    turn: ANY_TIME,
    signal,
  });
}
