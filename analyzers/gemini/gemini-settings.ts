import { z } from 'zod';
import { withPictureSettings } from '../../images/picture-changes.ts';

/** Most tokens that any of the models writes. */
export const MODEL_OUTPUT_TOKENS = 65_536;

const SHARED = {
  /** 0 to 2, how much chance there is in an answer. Default: the model's own. */
  temperature: z.number().min(0).max(2).optional(),
  /** Most tokens of an answer, thinking included; a call that is repeated may use twice as many. */
  maxOutputTokens: z.int().min(1).max(MODEL_OUTPUT_TOKENS).default(8_192),
};

/** What can be set on `vertexai`: as much as its client knows. */
export const vertexAiSettingsSchema = withPictureSettings(SHARED);

/** What can be set on `gemini`. */
export const geminiSettingsSchema = withPictureSettings({
  ...SHARED,
  /** How closely the model looks: on Gemini 3 and later 280, 560 or 1120 tokens per picture. Default: the model's own. */
  mediaResolution: z.enum(['low', 'medium', 'high']).optional(),
  /** Of Gemini 3 and later; not every model takes every level. */
  thinkingLevel: z.enum(['minimal', 'low', 'medium', 'high']).optional(),
  /** Of Gemini 2.5: most tokens of thinking; 0 = none, -1 = as the model likes. */
  thinkingBudget: z.int().min(-1).max(MODEL_OUTPUT_TOKENS).optional(),
  /** Asks for the same answer each time; a call that is repeated uses the next number. */
  seed: z.int().min(0).max(2_000_000_000).optional(),
}).refine(({ thinkingLevel, thinkingBudget }) => thinkingLevel === undefined || thinkingBudget === undefined, {
  path: ['thinkingBudget'],
  error: 'cannot be set together with thinkingLevel: a model knows one of them',
});

/** The settings of both; `vertexai` leaves some of them out. */
export type GeminiSettings = z.infer<typeof geminiSettingsSchema>;
