import type { Prompt } from '../../contracts/prompt.ts';
import { responseSchema } from '../../prompts/response-schema.ts';
import type { GatheredImage } from './gather-images.ts';
import { MODEL_OUTPUT_TOKENS, type GeminiSettings } from './gemini-settings.ts';
import type { Generation, ModelRequest } from './model-request.ts';

export interface RequestInput {
  readonly prompt: Pick<Prompt, 'words' | 'subject' | 'fields'>;
  readonly model: string;
  readonly settings: GeminiSettings;
  /** All images of the asset; at least one. */
  readonly images: readonly GatheredImage[];
  /** Which call for this asset this is, from 1. */
  readonly attempt: number;
}

/** One call about one asset: its images in their order, then what is known about them, then the fields to fill. */
export function buildRequest({ prompt, model, settings, images, attempt }: RequestInput): ModelRequest {
  return {
    model,
    system: prompt.words,
    parts: [...images.map(({ part }) => part), { text: captionOf(images) }],
    generation: generationOf(prompt, settings, attempt),
  };
}

/** A model cannot see when a picture was taken, and prompts ask it to trust the newest. */
function captionOf(images: readonly GatheredImage[]): string {
  const subject = images.length === 1 ? 'This image shows' : `These ${images.length} images show`;
  const times = images.flatMap(({ capturedAt }, index) =>
    capturedAt === undefined ? [] : [`Image ${index + 1} was taken on ${capturedAt.slice(0, 10)}.`],
  );
  return [`${subject} one asset.`, ...times].join(' ');
}

/** What is asked again may write twice as much, and with the next seed: the same question would get the same answer. */
function generationOf(prompt: RequestInput['prompt'], settings: GeminiSettings, attempt: number): Generation {
  const { temperature, seed, mediaResolution, thinkingLevel, thinkingBudget, maxOutputTokens } = settings;
  return {
    responseMimeType: 'application/json',
    responseSchema: responseSchema(prompt),
    maxOutputTokens: attempt === 1 ? maxOutputTokens : Math.min(2 * maxOutputTokens, MODEL_OUTPUT_TOKENS),
    ...(temperature !== undefined && { temperature }),
    ...(seed !== undefined && { seed: seed + attempt - 1 }),
    ...(mediaResolution !== undefined && { mediaResolution: `MEDIA_RESOLUTION_${mediaResolution.toUpperCase()}` }),
    ...(thinkingLevel !== undefined && { thinkingConfig: { thinkingLevel: thinkingLevel.toUpperCase() } }),
    ...(thinkingBudget !== undefined && { thinkingConfig: { thinkingBudget } }),
  };
}
