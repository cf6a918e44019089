import { failed, ok, type Result } from '../contracts/failures.ts';
import type { Findings, FindingValue } from '../contracts/outcome.ts';
import type { PromptField } from '../contracts/prompt.ts';

/**
 * Checks an answer against the fields of its prompt. The result has exactly these fields in their order; optional ones
 * without an answer are null. `AnswerInvalid` names the first field that does not fit: missing, of another type, out of
 * bounds, too long, or not a field of the prompt. Nothing is converted.
 */
export function checkFindings(fields: readonly PromptField[], findings: unknown): Result<Findings> {
  if (typeof findings !== 'object' || findings === null || Array.isArray(findings)) {
    return failed('AnswerInvalid', 'The answer is not an object with one value per field');
  }
  const given = new Map<string, unknown>(Object.entries(findings));
  const checked: [string, FindingValue][] = [];
  for (const field of fields) {
    const value = given.get(field.name) ?? null;
    given.delete(field.name);
    if (value === null && field.required)
      return failed('AnswerInvalid', `Field "${field.name}" is missing in the answer`);
    const problem = value === null ? null : problemOf(field, value);
    if (problem !== null) return failed('AnswerInvalid', `Field "${field.name}" ${problem}`);
    // problemOf has just established that the value has the type of its field.
    checked.push([field.name, value as FindingValue]);
  }
  const [extra] = given.keys();
  if (extra !== undefined)
    return failed('AnswerInvalid', `The answer has "${extra.slice(0, 80)}", which is no field of the prompt`);
  return ok(Object.fromEntries(checked));
}

/** Most entries of a `strings` field. */
export const MAX_STRINGS = 1000;

function problemOf(field: PromptField, value: unknown): string | null {
  switch (field.type) {
    case 'string':
      return problemOfText(field, value);
    case 'boolean':
      return typeof value === 'boolean' ? null : `must be true or false, not ${show(value)}`;
    case 'integer':
      return Number.isSafeInteger(value) ? problemOfBounds(field, value) : `must be a whole number, not ${show(value)}`;
    case 'number':
      return Number.isFinite(value) ? problemOfBounds(field, value) : `must be a number, not ${show(value)}`;
    case 'one-of':
      return typeof value === 'string' && field.values?.includes(value) === true
        ? null
        : `must be one of ${field.values?.join(', ')}, not ${show(value)}`;
    case 'strings':
      if (!Array.isArray(value)) return `must be a list of texts, not ${show(value)}`;
      if (value.length > MAX_STRINGS) return `has ${value.length} entries; the limit is ${MAX_STRINGS}`;
      return value.map((entry) => problemOfText(field, entry)).find((problem) => problem !== null) ?? null;
  }
}

function problemOfText({ maxLength }: PromptField, value: unknown): string | null {
  if (typeof value !== 'string') return `must be text, not ${show(value)}`;
  if (maxLength === undefined || value.length <= maxLength) return null;
  // Characters as a response schema counts them, not their halves.
  const length = Array.from(value).length;
  return length > maxLength ? `has a text of ${length} characters; the limit is ${maxLength}` : null;
}

function problemOfBounds({ min = -Infinity, max = Infinity }: PromptField, value: unknown): string | null {
  const number = Number(value);
  if (number < min) return `is ${number}; the least is ${min}`;
  return number > max ? `is ${number}; the most is ${max}` : null;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
