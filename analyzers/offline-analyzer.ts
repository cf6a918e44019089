import { failed, ok, type Failure, type Result } from '../contracts/failures.ts';
import { NO_USAGE, type Findings } from '../contracts/outcome.ts';
import { decodeImage } from '../images/decode-image.ts';
import type { LoadedImage } from '../images/ports.ts';
import { measurePicture } from './measure-picture.ts';
import { answerDescription, answerPhotoQuality, answerResolution, type MeasuredImage } from './offline-answers.ts';
import { parseAnalyzerSettings } from './parse-analyzer-settings.ts';
import type { Analyzer, AnalyzerInput, AnalyzerResult } from './ports.ts';
import { z } from 'zod';

/**
 * Answers without a model, an account or a network: what can be measured in the pictures. The same images always give
 * the same answer. An asset is skipped only when none of its images can be read, with the failure of the first; with
 * some of them readable, those are used. `resolution` reads headers only, so it answers for images damaged further on.
 */
export function createOfflineAnalyzer(): Analyzer {
  return {
    kind: 'offline',
    defaultModel: 'offline',
    takesModel: false,
    lane: 'local',
    refuses: ({ name }) =>
      isOfflinePrompt(name)
        ? null
        : `The offline analyzer cannot answer the prompt "${name}"; it answers ${OFFLINE_PROMPTS.join(', ')}`,
    parseSettings: (settings) => parseAnalyzerSettings('offline', z.strictObject({}), settings),
    analyze,
  };
}

const OFFLINE_PROMPTS = ['photo-quality', 'resolution', 'description'] as const;
type OfflinePrompt = (typeof OFFLINE_PROMPTS)[number];

function isOfflinePrompt(name: string): name is OfflinePrompt {
  return OFFLINE_PROMPTS.some((known) => known === name);
}

async function analyze(input: AnalyzerInput): Promise<AnalyzerResult> {
  const { name } = input.prompt;
  if (!isOfflinePrompt(name))
    return failed('RequestRefused', `The offline analyzer cannot answer the prompt "${name}"`);
  if (input.images.length === 0) return failed('NoImages', `Asset ${input.assetId} has no images`);
  const findings = name === 'resolution' ? await findResolution(input) : await findFromPictures(input, name);
  if (!findings.ok) return findings;
  return ok({ visible: true, findings: findings.value, usage: NO_USAGE, costUsd: 0, modelVersion: 'offline-1' });
}

async function findResolution(input: AnalyzerInput): Promise<Result<Findings>> {
  const { good, failures } = await readEach(input, async (image) => ok(image));
  const [first, ...rest] = good;
  return first ? ok(answerResolution([first, ...rest])) : noneReadable(failures);
}

async function findFromPictures(
  input: AnalyzerInput,
  name: 'photo-quality' | 'description',
): Promise<Result<Findings>> {
  const { good, failures } = await readEach(input, measure);
  const [first, ...rest] = good;
  if (!first) return noneReadable(failures);
  const answer = name === 'photo-quality' ? answerPhotoQuality : answerDescription;
  return ok(answer([first, ...rest], failures.length));
}

async function measure(image: LoadedImage): Promise<Result<MeasuredImage>> {
  const decoded = await decodeImage(image, { maxSidePx: 1536 });
  if (!decoded.ok) return decoded;
  const { mimeType, widthPx, heightPx } = image;
  return ok({ image: { mimeType, widthPx, heightPx }, measures: measurePicture(decoded.value) });
}

interface Reading<T> {
  readonly good: readonly T[];
  readonly failures: readonly Failure[];
}

/** One after the other: a worker holds the pixels of one picture per call. */
async function readEach<T>(
  input: AnalyzerInput,
  look: (image: LoadedImage) => Promise<Result<T>>,
): Promise<Reading<T>> {
  const good: T[] = [];
  const failures: Failure[] = [];
  for (const ref of input.images) {
    input.signal.throwIfAborted();
    const loaded = await input.load(ref);
    input.signal.throwIfAborted();
    const looked = loaded.ok ? await look(loaded.value) : loaded;
    if (looked.ok) good.push(looked.value);
    else failures.push(looked.failure);
  }
  input.signal.throwIfAborted();
  return { good, failures };
}

function noneReadable([first]: readonly Failure[]): { readonly ok: false; readonly failure: Failure } {
  if (!first) throw new Error('No image was read and none failed');
  return { ok: false, failure: first };
}
