import { seededRandom } from '../seeded-random.ts';
import { answerBySchema } from './answer-by-schema.ts';
import type { Fault } from './faults.ts';
import { badKeyError, exhaustedError, exhaustedForTheDayError, googleError } from './google-error.ts';
import type { GeminiRequest } from './read-request.ts';

/** What is sent back, and how. */
export type Decision =
  | { readonly kind: 'silence' }
  | { readonly kind: 'answer'; readonly status: number; readonly body: object; readonly delivery: Delivery };

export type Delivery =
  | { readonly kind: 'whole' }
  | { readonly kind: 'cut'; readonly afterBytes: number }
  | { readonly kind: 'pieces'; readonly pieces: number; readonly pauseMs: number };

export interface AnswerRules {
  readonly fault?: Fault | undefined;
  /** Changes all answers. */
  readonly seed: string;
  /** Default: the model that was asked, with `-001`. */
  readonly modelVersion?: string | undefined;
}

const WHOLE: Delivery = { kind: 'whole' };
const IMAGE_TOKENS = 258;
const CHARACTERS_PER_TOKEN = 4;

/** What Gemini answers: typed fields as the schema has them, chosen by seed and images, unless a fault says otherwise. */
export function decideAnswer(request: GeminiRequest, { fault, seed, modelVersion }: AnswerRules): Decision {
  const random = seededRandom(seed, request.digest, JSON.stringify(request.schema ?? null));
  const value = request.schema === undefined ? answerBySchema({}, random) : answerBySchema(request.schema, random);
  const good: Good = {
    request,
    text: typeof value === 'string' ? value : JSON.stringify(value),
    thoughtsTokens: request.thinks ? 40 + Math.floor(random() * 200) : 0,
    modelVersion: modelVersion ?? `${request.model}-001`,
  };
  if (fault === undefined) return answered(completed(good));
  switch (fault.kind) {
    case 'refused':
      return refused(googleError(fault.status, `Refused with ${fault.status} by a rule of this server.`));
    case 'exhausted':
      return refused(exhaustedError(fault.waitMs));
    case 'exhausted-for-the-day':
      return refused(exhaustedForTheDayError());
    case 'key-revoked':
      return refused(badKeyError());
    case 'hang':
      return { kind: 'silence' };
    case 'cut':
      return answered(completed(good), fault);
    case 'slow':
      return answered(completed(good), { kind: 'pieces', pieces: fault.pieces, pauseMs: fault.pauseMs });
    case 'blocked-prompt':
      return answered(withoutCandidates(good, { promptFeedback: { blockReason: 'SAFETY', safetyRatings: [] } }));
    case 'blocked-answer':
      return answered(stopped(good, 'SAFETY'));
    case 'recitation':
      return answered(stopped(good, 'RECITATION'));
    case 'no-candidates':
      return answered(withoutCandidates(good, {}));
    case 'truncated':
      return answered(completed({ ...good, text: half(good.text) }, 'MAX_TOKENS'));
    case 'broken-json':
      return answered(completed({ ...good, text: `Here it is:\n${half(good.text)}` }));
    case 'wrong-schema':
      return answered(completed({ ...good, text: JSON.stringify({ unasked: [good.text] }) }));
    case 'model-version':
      return answered(completed({ ...good, modelVersion: fault.modelVersion }));
  }
}

interface Good {
  readonly request: GeminiRequest;
  readonly text: string;
  readonly thoughtsTokens: number;
  readonly modelVersion: string;
}

function answered(body: object, delivery: Delivery = WHOLE): Decision {
  return { kind: 'answer', status: 200, body, delivery };
}

function refused({ status, body }: { readonly status: number; readonly body: object }): Decision {
  return { kind: 'answer', status, body, delivery: WHOLE };
}

function completed(good: Good, finishReason = 'STOP'): object {
  const fits = good.request.maxOutputTokens * CHARACTERS_PER_TOKEN;
  const text = good.text.slice(0, fits);
  const reason = text.length < good.text.length ? 'MAX_TOKENS' : finishReason;
  const content = { role: 'model', parts: [{ text }] };
  return { candidates: [{ content, finishReason: reason, index: 0 }], ...closing(good, text) };
}

function stopped(good: Good, finishReason: string): object {
  return { candidates: [{ finishReason, index: 0 }], ...closing(good, '') };
}

function withoutCandidates(good: Good, feedback: object): object {
  return { ...feedback, ...closing(good, '') };
}

/** What every answer ends with. The words are cached, the images are not. */
function closing({ request, thoughtsTokens, modelVersion }: Good, text: string): object {
  const wordTokens = tokensOf(request.text);
  const promptTokens = wordTokens + request.images.length * IMAGE_TOKENS;
  const answerTokens = tokensOf(text);
  return {
    modelVersion,
    responseId: request.digest.slice(0, 22),
    usageMetadata: {
      promptTokenCount: promptTokens,
      ...(answerTokens > 0 && { candidatesTokenCount: answerTokens }),
      ...(thoughtsTokens > 0 && { thoughtsTokenCount: thoughtsTokens }),
      ...(wordTokens > 0 && { cachedContentTokenCount: wordTokens }),
      totalTokenCount: promptTokens + answerTokens + thoughtsTokens,
    },
  };
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

function half(text: string): string {
  return text.slice(0, Math.ceil(text.length / 2));
}
