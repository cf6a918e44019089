import sharp from 'sharp';
import { createGeminiAnalyzer, createVertexAiAnalyzer } from '../../analyzers/gemini/gemini-analyzer.ts';
import { ANY_TIME, type Analyzer, type AnalyzerResult } from '../../analyzers/ports.ts';
import { imageLimitsOf } from '../../config/image-limits.ts';
import { modelAccessOf } from '../../config/model-access.ts';
import { openGoogle } from '../../google/open-google.ts';
import { loadPrompt } from '../../prompts/load-prompt.ts';
import { openImageDesks } from '../../workers/open-image-desks.ts';
import { NotTried } from './not-tried.ts';
import type { SmokeBench } from './smoke-bench.ts';

const OBJECT = 'red-circle.jpg';
const CIRCLE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256" fill="white"/><circle cx="128" cy="128" r="90" fill="red"/></svg>';

/** A picture in the bucket, which Vertex AI reads by its name. */
export async function tryAnswer(bench: SmokeBench): Promise<string> {
  const picture = await sharp(Buffer.from(CIRCLE)).jpeg().toBuffer();
  const bucket = (await bench.storage()).bucket(bench.bucket);
  await bucket.file(OBJECT).save(picture, { contentType: 'image/jpeg', resumable: false });
  return inWords(await ask(bench, geminiOf(bench)));
}

/** The same picture, read by its name, through the other client. */
export async function tryVertexAiClient(bench: SmokeBench): Promise<string> {
  return inWords(await ask(bench, createVertexAiAnalyzer(vertexOf(bench))));
}

/** The same picture, sent along: with a key nobody reads the bucket for us. */
export async function tryKey(bench: SmokeBench): Promise<string> {
  const access = modelAccessOf({ ...bench.settings, googleCloudProject: '', useVertexAi: 'false' }).gemini;
  if (access === undefined) throw new NotTried('GEMINI_API_KEY is not set.');
  return inWords(await ask(bench, createGeminiAnalyzer(access)));
}

function inWords(answered: AnalyzerResult): string {
  if (!answered.ok) throw new Error(answered.failure.message);
  const { inputTokens, outputTokens } = answered.value.usage;
  const said = JSON.stringify(answered.value.findings['description']);
  return `Of a red circle it says ${said}, for ${inputTokens} tokens in and ${outputTokens} out.`;
}

export async function tryUnknownModel(bench: SmokeBench): Promise<string> {
  const answered = await ask(bench, geminiOf(bench), 'gemini-0-never-made');
  if (answered.ok) throw new Error('A model that was never made has answered.');
  const { name, message } = answered.failure;
  if (name !== 'CredentialsRejected')
    throw new Error(`It is taken for ${name}, which does not pause a run: ${message}`);
  return `A run would pause: ${message}`;
}

function vertexOf({ settings, project }: SmokeBench) {
  return modelAccessOf({ ...settings, googleCloudProject: project }).vertexai;
}

function geminiOf(bench: SmokeBench): Analyzer {
  return createGeminiAnalyzer(vertexOf(bench));
}

async function ask(bench: SmokeBench, analyzer: Analyzer, model?: string): Promise<AnalyzerResult> {
  const { settings, bucket } = bench;
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
    load: (image) => desk.load(image),
    look: (image) => desk.look(image),
    prompt: prompt.value,
    model: model ?? analyzer.defaultModel,
    settings: parsed.value,
    turn: ANY_TIME,
    signal,
  });
}
