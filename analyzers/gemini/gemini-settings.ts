import { z } from 'zod';
import { withPictureSettings } from '../../images/picture-changes.ts';

/** Most tokens that any of the models writes. */
export const MODEL_OUTPUT_TOKENS = 65_536;

const SHARED = {
  temperature: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe("How much chance there is in an answer. Without it the model's own."),
  maxOutputTokens: z
    .int()
    .min(1)
    .max(MODEL_OUTPUT_TOKENS)
    .default(8_192)
    .describe('Most tokens of an answer, thinking included; a call that is repeated may use twice as many.'),
};

/** What can be set on `vertexai`: as much as its client knows. */
export const vertexAiSettingsSchema = withPictureSettings(SHARED);

/** What can be set on `gemini`. */
export const geminiSettingsSchema = withPictureSettings({
  ...SHARED,
  mediaResolution: z
    .enum(['low', 'medium', 'high'])
    .optional()
    .describe(
      "How closely the model looks: 280, 560 or 1120 tokens per image on Gemini 3. Without it the model's own.",
    ),
  thinkingLevel: z
    .enum(['minimal', 'low', 'medium', 'high'])
    .optional()
    .describe('How much the model thinks, from Gemini 3 on; not every model takes every level.'),
  thinkingBudget: z
    .int()
    .min(-1)
    .max(MODEL_OUTPUT_TOKENS)
    .optional()
    .describe('Most tokens of thinking, on Gemini 2.5: 0 is none, -1 as the model likes.'),
  seed: z
    .int()
    .min(0)
    .max(2_000_000_000)
    .optional()
    .describe('Asks for the same answer each time; a call that is repeated uses the next number.'),
}).refine(({ thinkingLevel, thinkingBudget }) => thinkingLevel === undefined || thinkingBudget === undefined, {
  path: ['thinkingBudget'],
  error: 'cannot be set together with thinkingLevel: a model knows one of them',
});

/** The settings of both; `vertexai` leaves some of them out. */
export type GeminiSettings = z.infer<typeof geminiSettingsSchema>;
