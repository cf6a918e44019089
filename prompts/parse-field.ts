import { FIELD_TYPES, type FieldType, type PromptField } from '../contracts/prompt.ts';
import { didYouMean } from './did-you-mean.ts';
import { ProblemInPrompt } from './problem-in-prompt.ts';
import { RESERVED_FIELD_NAMES } from './reserved-names.ts';

/**
 * One entry of `fields`, plain from the YAML. Throws `ProblemInPrompt` with the field's name and the offset of the key that
 * is wrong, or of the field when the key is missing.
 */
export function parseField(
  entry: unknown,
  index: number,
  offsetOfKey: (key: string) => number | undefined,
): PromptField {
  const raw = isRecord(entry) ? entry : {};
  const name = raw['name'];
  const label = typeof name === 'string' ? `field "${name}"` : `field ${index + 1}`;
  const problem: Problem = (key, text) => new ProblemInPrompt(`${label}: ${text}`, offsetOfKey(key));
  if (typeof name !== 'string' || !/^[a-z][a-z0-9_]{0,59}$/.test(name)) {
    throw problem('name', '"name" must be snake_case (a-z, 0-9, _; a letter first) with at most 60 characters');
  }
  if (name === 'visible') {
    throw problem('name', 'every answer of a prompt with a "subject" says this by itself; choose another name');
  }
  if (RESERVED_FIELD_NAMES.has(name)) {
    throw problem('name', 'the results table has a column of this name already; choose another name');
  }
  const type = readType(raw['type'], problem);
  const allowed = ['name', 'type', 'description', 'required', ...KEYS_OF_TYPE[type]];
  for (const key of Object.keys(raw)) {
    if (allowed.includes(key)) continue;
    const meant = didYouMean(key, allowed);
    throw problem(
      key,
      `unknown key "${key}"; ${meant ? `did you mean "${meant}"?` : `a ${type} field has ${allowed.join(', ')}`}`,
    );
  }
  const { description, required = true } = raw;
  if (description !== undefined && typeof description !== 'string')
    throw problem('description', '"description" must be a text');
  if (typeof required !== 'boolean') throw problem('required', '"required" must be true or false');
  return {
    name,
    type,
    description: (description ?? '').trim(),
    required,
    ...readBounds(raw, type, problem),
    ...readMaxLength(raw['maxLength'], problem),
    ...(type === 'one-of' && { values: readValues(raw['values'], problem) }),
  };
}

type Problem = (key: string, text: string) => ProblemInPrompt;

const KEYS_OF_TYPE: Readonly<Record<FieldType, readonly string[]>> = {
  string: ['maxLength'],
  integer: ['min', 'max'],
  number: ['min', 'max'],
  boolean: [],
  'one-of': ['values'],
  strings: ['maxLength'],
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readType(type: unknown, problem: Problem): FieldType {
  const known = FIELD_TYPES.find((candidate) => candidate === type);
  if (known) return known;
  const meant = typeof type === 'string' ? didYouMean(type, FIELD_TYPES) : undefined;
  throw problem('type', `"type" must be one of ${FIELD_TYPES.join(', ')}${meant ? `; did you mean "${meant}"?` : ''}`);
}

function readBounds(
  raw: Readonly<Record<string, unknown>>,
  type: FieldType,
  problem: Problem,
): Pick<PromptField, 'min' | 'max'> {
  const { min, max } = raw;
  for (const [key, value] of Object.entries({ min, max })) {
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw problem(key, `"${key}" must be a number`);
    if (type === 'integer' && !Number.isSafeInteger(value)) throw problem(key, `"${key}" must be a whole number`);
  }
  if (typeof min === 'number' && typeof max === 'number' && min > max)
    throw problem('min', `"min" ${min} is above "max" ${max}`);
  return { ...(typeof min === 'number' && { min }), ...(typeof max === 'number' && { max }) };
}

function readMaxLength(maxLength: unknown, problem: Problem): Pick<PromptField, 'maxLength'> {
  if (maxLength === undefined) return {};
  if (typeof maxLength !== 'number' || !Number.isSafeInteger(maxLength) || maxLength < 1 || maxLength > 1_000_000) {
    throw problem('maxLength', '"maxLength" must be a whole number from 1 to 1000000');
  }
  return { maxLength };
}

function readValues(values: unknown, problem: Problem): readonly string[] {
  if (!Array.isArray(values) || values.length === 0) throw problem('values', '"values" must list the possible answers');
  const seen = new Set<string>();
  for (const value of values) {
    if (typeof value !== 'string' || value === '') {
      throw problem('values', `"values" must be texts; put ${JSON.stringify(value)} in quotes`);
    }
    if (seen.has(value)) throw problem('values', `"values" holds "${value}" twice`);
    seen.add(value);
  }
  return [...seen];
}
