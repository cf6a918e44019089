/** Types a field of an answer can have. */
export const FIELD_TYPES = ['string', 'integer', 'number', 'boolean', 'one-of', 'strings'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** One field of the answer: becomes a validator, a column and (for models) a part of the response schema. */
export interface PromptField {
  /** snake_case, at most 60 characters; no name that the results table uses itself. */
  readonly name: string;
  readonly type: FieldType;
  readonly description: string;
  /** A required field is filled in every `succeeded` row. */
  readonly required: boolean;
  /** Inclusive bounds of `integer` and `number`. */
  readonly min?: number;
  readonly max?: number;
  /** Longest text of `string` and of each of `strings`, in characters. */
  readonly maxLength?: number;
  /** The values of `one-of`. */
  readonly values?: readonly string[];
}

/** One prompt file: the words for the model and the fields of the answer. */
export interface Prompt {
  /** The name of the file without its ending, `[a-z0-9][a-z0-9-]{0,62}`. */
  readonly name: string;
  readonly title: string;
  /** What the pictures are meant to show. With a subject an answer may be "not visible". */
  readonly subject?: string;
  readonly words: string;
  readonly fields: readonly PromptField[];
  /** SHA-256 over everything above, hex. */
  readonly digest: string;
}
