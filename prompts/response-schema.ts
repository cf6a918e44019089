import type { Prompt, PromptField } from '../contracts/prompt.ts';
import { MAX_STRINGS } from './check-findings.ts';

/** JSON Schema in the words that Gemini's `responseSchema` knows: no references, no lists of types, `nullable` instead. */
export interface ResponseSchema {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly nullable?: true;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: ResponseSchema;
  readonly properties?: Readonly<Record<string, ResponseSchema>>;
  readonly required?: readonly string[];
  /** The order in which a model writes its answer. */
  readonly propertyOrdering?: readonly string[];
}

/**
 * What a model is made to answer with: one property per field, in their order. With a subject `visible` comes first and is all
 * that is required, because an answer that is not visible has no findings; `checkFindings` then demands what is missing.
 */
export function responseSchema({ subject, fields }: Pick<Prompt, 'subject' | 'fields'>): ResponseSchema {
  const mayBeMissing = subject !== undefined;
  const properties: readonly (readonly [string, ResponseSchema])[] = [
    ...(subject === undefined ? [] : [['visible', visibleSchema(subject)] as const]),
    ...fields.map((field) => [field.name, fieldSchema(field, mayBeMissing || !field.required)] as const),
  ];
  const required = mayBeMissing ? ['visible'] : fields.filter((field) => field.required).map((field) => field.name);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    propertyOrdering: properties.map(([name]) => name),
  };
}

function visibleSchema(subject: string): ResponseSchema {
  return {
    type: 'boolean',
    description: `False when none of the photos shows ${subject}; then leave out everything else.`,
  };
}

function fieldSchema(field: PromptField, nullable: boolean): ResponseSchema {
  const about = {
    ...(field.description !== '' && { description: field.description }),
    ...(nullable && { nullable }),
  };
  const length = field.maxLength === undefined ? {} : { maxLength: field.maxLength };
  switch (field.type) {
    case 'string':
      return { type: 'string', ...about, ...length };
    case 'boolean':
      return { type: 'boolean', ...about };
    case 'integer':
    case 'number':
      return {
        type: field.type,
        ...about,
        ...(field.min !== undefined && { minimum: field.min }),
        ...(field.max !== undefined && { maximum: field.max }),
      };
    case 'one-of':
      return { type: 'string', ...about, enum: field.values ?? [] };
    case 'strings':
      return { type: 'array', ...about, items: { type: 'string', ...length }, maxItems: MAX_STRINGS };
  }
}
