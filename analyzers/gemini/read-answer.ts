import { failed, ok, type FailureName } from '../../contracts/failures.ts';
import type { Findings, Usage } from '../../contracts/outcome.ts';
import type { Prompt } from '../../contracts/prompt.ts';
import type { AnalyzerResult, AnswerSpent } from '../ports.ts';
import type { Candidate, ModelResponse } from './model-request.ts';

/** Reasons for which a model declines: another call would end the same way. */
const DECLINED: ReadonlySet<string> = new Set([
  'SAFETY',
  'RECITATION',
  'LANGUAGE',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
  'MODEL_ARMOR',
]);

/**
 * What the model said, the reason why it ended first: JSON that was cut off or blocked is never parsed. An answer that says
 * nothing, or breaks off for another reason, is `AnswerInvalid`, which is asked again. What was paid stands beside a failure.
 */
export function readAnswer(response: ModelResponse | null, { subject }: Pick<Prompt, 'subject'>): AnalyzerResult {
  const spent = spentOn(response);
  const fail = (name: FailureName, message: string): AnalyzerResult => ({ ...failed(name, message), spent });
  const { blockReason, blockReasonMessage } = response?.promptFeedback ?? {};
  if (typeof blockReason === 'string')
    return fail('AnswerBlocked', `The request was blocked: ${reason(blockReason, blockReasonMessage)}`);
  const candidate = response?.candidates?.[0];
  if (!candidate) return fail('AnswerInvalid', 'The model sent no answer, and no reason why');
  const { finishMessage } = candidate;
  const finishReason = candidate.finishReason ?? 'STOP';
  if (finishReason === 'MAX_TOKENS') return fail('AnswerTruncated', truncation(spent.usage));
  if (DECLINED.has(finishReason))
    return fail('AnswerBlocked', `The answer was blocked: ${reason(finishReason, finishMessage)}`);
  if (finishReason !== 'STOP' && finishReason !== 'FINISH_REASON_UNSPECIFIED') {
    return fail('AnswerInvalid', `The model broke off: ${reason(finishReason, finishMessage)}`);
  }
  const text = textOf(candidate);
  const answer = parseObject(text);
  if (!answer) return fail('AnswerInvalid', `The answer is no JSON object: ${snippet(text)}`);
  if (subject === undefined) return ok({ visible: true, findings: answer, ...spent });
  const { visible, ...findings } = answer;
  if (typeof visible !== 'boolean')
    return fail('AnswerInvalid', 'The answer does not say whether the subject is visible');
  return ok({ visible, findings: visible ? findings : {}, ...spent });
}

function spentOn(response: ModelResponse | null): AnswerSpent {
  const used = response?.usageMetadata ?? {};
  const version = response?.modelVersion;
  const usage: Usage = {
    inputTokens: countOf(used.promptTokenCount) + countOf(used.toolUsePromptTokenCount),
    outputTokens: countOf(used.candidatesTokenCount),
    thinkingTokens: countOf(used.thoughtsTokenCount),
    cachedTokens: countOf(used.cachedContentTokenCount),
  };
  return { usage, costUsd: null, modelVersion: typeof version === 'string' ? version : '' };
}

/** A row takes whole numbers only, and one that it does not take would end the run. Protocol buffers may write them as text. */
function countOf(tokens: unknown): number {
  const count = Number(tokens ?? 0);
  return Number.isSafeInteger(count) && count >= 0 ? count : 0;
}

function truncation({ outputTokens, thinkingTokens }: Usage): string {
  const thinking = thinkingTokens === 0 ? '' : ` and ${thinkingTokens} of thinking`;
  return `The answer was cut off after ${outputTokens} tokens${thinking}; set maxOutputTokens higher, or let it think less`;
}

/** Thoughts may stand among the parts of an answer. */
function textOf({ content }: Candidate): string {
  const parts = Array.isArray(content?.parts) ? content.parts : [];
  return parts.map((part) => (part?.thought === true ? '' : (part?.text ?? ''))).join('');
}

/** Values are not looked at here: the caller holds them against the fields. */
function parseObject(text: string): (Findings & { readonly visible?: unknown }) | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Findings) : undefined;
  } catch {
    return undefined;
  }
}

function reason(name: string, message: string | undefined): string {
  return message === undefined || message === '' ? name : `${name}, ${message}`;
}

function snippet(text: string): string {
  if (text.trim() === '') return 'it is empty';
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 117)}...` : text);
}
