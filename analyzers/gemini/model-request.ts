import type { ResponseSchema } from '../../prompts/response-schema.ts';

/** One part of what is sent: words, a picture, or the address of a picture. */
export type RequestPart =
  | { readonly text: string }
  | { readonly inlineData: { readonly mimeType: string; readonly data: string } }
  | { readonly fileData: { readonly mimeType: string; readonly fileUri: string } };

/** What both of Google's clients send, in the words of `generateContent`. */
export interface ModelRequest {
  readonly model: string;
  /** Words of the prompt. */
  readonly system: string;
  readonly parts: readonly RequestPart[];
  readonly generation: Generation;
}

export interface Generation {
  readonly responseMimeType: 'application/json';
  readonly responseSchema: ResponseSchema;
  readonly maxOutputTokens: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly mediaResolution?: string;
  readonly thinkingConfig?: { readonly thinkingLevel: string } | { readonly thinkingBudget: number };
}

/** What comes back, as far as it is looked at. Anything may be missing, and null or of another type where a server is odd. */
export interface ModelResponse {
  readonly candidates?: readonly Candidate[];
  readonly promptFeedback?: { readonly blockReason?: string; readonly blockReasonMessage?: string };
  readonly usageMetadata?: {
    readonly promptTokenCount?: number;
    readonly toolUsePromptTokenCount?: number;
    readonly candidatesTokenCount?: number;
    readonly thoughtsTokenCount?: number;
    readonly cachedContentTokenCount?: number;
  };
  readonly modelVersion?: string;
}

export interface Candidate {
  readonly finishReason?: string;
  readonly finishMessage?: string;
  readonly content?: { readonly parts?: readonly { readonly text?: string; readonly thought?: boolean }[] };
}

/**
 * Sends one request; null when what comes back is JSON, but no answer of a model. Throws `CallError` for whatever else is not an
 * answer, and what the signal aborts.
 */
export type SendRequest = (request: ModelRequest, signal: AbortSignal) => Promise<ModelResponse | null>;
