import { failed, failureRule, ok, type Failure, type Result } from '../contracts/failures.ts';
import { NO_USAGE, type Findings } from '../contracts/outcome.ts';
import { decodeImage } from '../images/decode-image.ts';
import { withPictureSettings } from '../images/picture-changes.ts';
import type { LoadedImage } from '../images/ports.ts';
import { measurePicture } from './measure-picture.ts';
import { answerDescription, answerPhotoQuality, answerResolution, type MeasuredImage } from './offline-answers.ts';
import { parseAnalyzerSettings } from './parse-analyzer-settings.ts';
import type { Analyzer, AnalyzerFailure, AnalyzerInput, AnalyzerResult } from './ports.ts';

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
    parseSettings: (settings) => parseAnalyzerSettings('offline', settingsSchema, settings),
    analyze,
  };
}

const settingsSchema = withPictureSettings({});
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

type Finding = Result<Findings> & { readonly retry?: AnalyzerFailure };

async function findResolution(input: AnalyzerInput): Promise<Finding> {
  const read = await readEach(input, async (image) => ok(image));
  if (!read.ok) return read;
  const [first, ...rest] = read.value.good;
  return first ? ok(answerResolution([first, ...rest])) : noneReadable(read.value.failures);
}

async function findFromPictures(input: AnalyzerInput, name: 'photo-quality' | 'description'): Promise<Finding> {
  const read = await readEach(input, measure);
  if (!read.ok) return read;
  const { good, failures } = read.value;
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

/**
 * One after the other: a worker holds the pixels of one picture per call. An image that may be there later ends the call:
 * an answer must not depend on which server was away.
 */
async function readEach<T>(
  input: AnalyzerInput,
  look: (image: LoadedImage) => Promise<Result<T>>,
): Promise<Result<Reading<T>> & { readonly retry?: AnalyzerFailure }> {
  const good: T[] = [];
  const failures: Failure[] = [];
  for (const ref of input.images) {
    input.signal.throwIfAborted();
    const loaded = await input.load(ref);
    input.signal.throwIfAborted();
    if (!loaded.ok && failureRule(loaded.failure.name).retry !== 'never') return loaded;
    const looked = loaded.ok ? await look(loaded.value) : loaded;
    if (looked.ok) good.push(looked.value);
    else failures.push(looked.failure);
  }
  input.signal.throwIfAborted();
  return ok({ good, failures });
}

function noneReadable([first]: readonly Failure[]): { readonly ok: false; readonly failure: Failure } {
  if (!first) throw new Error('No image was read and none failed');
  return { ok: false, failure: first };
}
