import { failed } from '../../contracts/failures.ts';
import type { AnalyzerInput, AnalyzerResult, CallBounds } from '../ports.ts';
import { buildRequest } from './build-request.ts';
import { gatherImages } from './gather-images.ts';
import type { GeminiSettings } from './gemini-settings.ts';
import type { ModelRequest, ModelResponse, SendRequest } from './model-request.ts';
import { readAnswer } from './read-answer.ts';
import { readError, type AccessContext } from './read-error.ts';
import type { TakeTurns } from './turns.ts';
import { untilAborted } from './until-aborted.ts';

/** A client that is ready to be asked. */
export interface OpenModel extends AccessContext, Pick<CallBounds, 'timeoutMs'> {
  readonly send: SendRequest;
  /** Whether it reads images at `gs://` itself. */
  readonly readsCloudStorage: boolean;
}

/**
 * Asks about one asset once: its images are read before it is its turn. Ends as soon as the signal aborts, with its reason, also
 * where a client cannot be stopped.
 */
export async function askModel(input: AnalyzerInput, model: OpenModel, inTurn: TakeTurns): Promise<AnalyzerResult> {
  input.signal.throwIfAborted();
  const held = AbortSignal.any([input.signal, input.turn.wait()]);
  if (input.images.length === 0) return failed('NoImages', `Asset ${input.assetId} has no images`);
  const gathered = await gatherImages(input, model.readsCloudStorage);
  if (!gathered.ok) return gathered;
  const settings = input.settings as GeminiSettings;
  const request = buildRequest({ ...input, settings, images: gathered.value });
  const answered = await inTurn(() => {
    input.turn.begin();
    return send(request, model, input.signal);
  }, held);
  return answered.ok ? readAnswer(answered.response, input.prompt) : answered;
}

type Sent =
  { readonly ok: true; readonly response: ModelResponse | null } | Extract<AnalyzerResult, { readonly ok: false }>;

async function send(request: ModelRequest, model: OpenModel, wanted: AbortSignal): Promise<Sent> {
  const { timeoutMs } = model;
  const deadline = new AbortController();
  const clock = setTimeout(() => deadline.abort(), timeoutMs);
  const signal = AbortSignal.any([wanted, deadline.signal]);
  try {
    return { ok: true, response: await untilAborted(model.send(request, signal), signal) };
  } catch (error) {
    wanted.throwIfAborted();
    if (!deadline.signal.aborted) return readError(error, { ...model, model: request.model, nowMs: Date.now() });
    const failure = failed('ModelOverloaded', `The model did not answer within ${timeoutMs / 1_000} s`);
    return { ...failure, retry: { unpaid: false } };
  } finally {
    clearTimeout(clock);
  }
}
