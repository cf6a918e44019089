import { createHash } from 'node:crypto';
import { googleError } from './google-error.ts';
import type { GoogleError } from './google-error.ts';
import type { Call } from './read-call.ts';
import { readImages } from './read-images.ts';
import type { SentImage } from './read-images.ts';

/** What a call asks for. */
export interface GeminiRequest extends Call {
  readonly images: readonly SentImage[];
  /** The identities of the images, joined by commas: which asset this is about. */
  readonly asset: string;
  /** SHA-256 over the identities, hex. */
  readonly digest: string;
  /** All words that were sent. */
  readonly text: string;
  /** JSON Schema or Gemini's own words for it; undefined when plain text is wanted. */
  readonly schema: unknown;
  readonly maxOutputTokens: number;
  /** Whether thinking was not switched off. */
  readonly thinks: boolean;
}

const MAX_REQUEST_BYTES = 20 * 1024 * 1024;
const MAX_OUTPUT_TOKENS = 65_536;

interface Body {
  readonly contents?: readonly { readonly parts?: readonly { readonly text?: unknown }[] }[];
  readonly systemInstruction?: { readonly parts?: readonly { readonly text?: unknown }[] };
  readonly generationConfig?: {
    readonly responseSchema?: unknown;
    readonly responseJsonSchema?: unknown;
    readonly maxOutputTokens?: number;
    readonly thinkingConfig?: { readonly thinkingBudget?: number };
  };
}

/** Reads the body of a call; the error is what Google answers to it. */
export function readRequest(call: Call, body: Buffer): GeminiRequest | GoogleError {
  if (body.length > MAX_REQUEST_BYTES) {
    return googleError(400, `Request payload size exceeds the limit: ${MAX_REQUEST_BYTES} bytes.`);
  }
  const parsed = parseBody(body);
  if (!Array.isArray(parsed?.contents) || parsed.contents.length === 0) {
    return googleError(400, 'Invalid JSON payload received, or contents is not specified.');
  }
  const parts = parsed.contents.flatMap((content) => content.parts ?? []);
  const images = readImages(parts, call.api);
  if ('status' in images) return images;
  const asset = images.map(({ identity }) => identity).join(',');
  const settings = parsed.generationConfig ?? {};
  return {
    ...call,
    images,
    asset,
    digest: createHash('sha256').update(asset).digest('hex'),
    text: [...(parsed.systemInstruction?.parts ?? []), ...parts].map(({ text }) => text ?? '').join('\n'),
    schema: settings.responseSchema ?? settings.responseJsonSchema,
    maxOutputTokens: settings.maxOutputTokens ?? MAX_OUTPUT_TOKENS,
    thinks: settings.thinkingConfig?.thinkingBudget !== 0,
  };
}

function parseBody(body: Buffer): Body | undefined {
  try {
    return JSON.parse(body.toString()) as Body;
  } catch {
    return undefined;
  }
}
