import { hash } from 'node:crypto';
import { isMap, isSeq, type YAMLMap } from 'yaml';
import { failed, ok, type Result } from '../contracts/failures.ts';
import type { Prompt, PromptField } from '../contracts/prompt.ts';
import { didYouMean } from './did-you-mean.ts';
import { parseField } from './parse-field.ts';
import { offsetOf, ProblemInPrompt } from './problem-in-prompt.ts';
import { readMapping } from './read-mapping.ts';

export interface PromptFile {
  /** The name of the file without its ending. */
  readonly name: string;
  /** YAML. */
  readonly text: string;
}

/** One thing that is wrong in a prompt file. */
export interface PromptProblem {
  /** From 1; null when it concerns the whole file. */
  readonly line: number | null;
  readonly message: string;
}

export type PromptCheck =
  | { readonly ok: true; readonly prompt: Prompt }
  | { readonly ok: false; readonly problems: readonly [PromptProblem, ...PromptProblem[]] };

/**
 * One prompt file to a prompt, or to everything that is wrong with it, from top to bottom; one problem
 * per field, what concerns the whole file last.
 */
export function checkPrompt(file: PromptFile): PromptCheck {
  const found: ProblemInPrompt[] = [];
  const prompt = toPrompt(file, (read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ProblemInPrompt)) throw error;
      found.push(error);
      return undefined;
    }
  });
  const [first, ...rest] = found
    .toSorted((a, b) => (a.offset ?? MAX_TEXT_LENGTH) - (b.offset ?? MAX_TEXT_LENGTH))
    .slice(0, MOST_PROBLEMS)
    .map(({ message, offset }) => ({ line: offset === undefined ? null : lineAt(file.text, offset), message }));
  if (first) return { ok: false, problems: [first, ...rest] };
  if (!prompt) throw new Error(`the prompt ${file.name} is neither right nor wrong`);
  return { ok: true, prompt };
}

/** The same for those who need a prompt: the failure is `InvalidRequest` and names the file, the line and the first problem. */
export function toResult(path: string, check: PromptCheck): Result<Prompt> {
  if (check.ok) return ok(check.prompt);
  const [{ line, message }, ...others] = check.problems;
  const where = line === null ? '' : ` line ${line}`;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return failed('InvalidRequest', `Prompt ${path}${where}: ${message}${more}`);
}

/** A prompt's name is the name of its file. */
export const PROMPT_NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;
const MAX_TEXT_LENGTH = 200_000;
const MAX_FIELDS = 100;
/** More help nobody. */
const MOST_PROBLEMS = 100;
const KEYS = ['title', 'subject', 'words', 'fields'] as const;

/** Runs a reader and keeps the problem that it throws. */
type Attempt = <T>(read: () => T) => T | undefined;

function toPrompt(file: PromptFile, attempt: Attempt): Prompt | undefined {
  attempt(() => checkName(file.name));
  const root = attempt(() => readRoot(file.text));
  if (!root) return undefined;
  for (const { key } of root.items) attempt(() => checkKey(String(key), offsetOf(key)));
  const title = attempt(() => readText(root, 'title', 200)) ?? file.name;
  const subject = attempt(() => readText(root, 'subject', 500));
  const words = attempt(() => readWords(root));
  const fields = attempt(() => readFields(root, attempt));
  if (words === undefined || fields === undefined) return undefined;
  const content = { name: file.name, title, ...(subject !== undefined && { subject }), words, fields };
  return { ...content, digest: hash('sha256', JSON.stringify(content), 'hex') };
}

function checkName(name: string): void {
  if (PROMPT_NAME_PATTERN.test(name)) return;
  throw new ProblemInPrompt('the name of the file may hold only a-z, 0-9 and -, and at most 63 characters');
}

function readRoot(text: string): YAMLMap {
  if (text.length > MAX_TEXT_LENGTH) throw new ProblemInPrompt('is larger than 200 KB');
  const root = readMapping(text);
  if (!root) throw new ProblemInPrompt(`must be a YAML mapping with ${KEYS.join(', ')}`);
  return root;
}

function checkKey(key: string, offset: number | undefined): void {
  if (KEYS.some((known) => known === key)) return;
  const meant = didYouMean(key, KEYS);
  const hint = meant ? `did you mean "${meant}"?` : `a prompt has ${KEYS.join(', ')}`;
  throw new ProblemInPrompt(`unknown key "${key.slice(0, 80)}"; ${hint}`, offset);
}

function readText(root: YAMLMap, key: string, maxLength: number): string | undefined {
  if (!root.has(key)) return undefined;
  const value = root.get(key);
  const offset = offsetOf(root.get(key, true));
  if (typeof value !== 'string' || value.trim() === '') throw new ProblemInPrompt(`"${key}" must be a text`, offset);
  if (value.length > maxLength) throw new ProblemInPrompt(`"${key}" is longer than ${maxLength} characters`, offset);
  return value.trim();
}

function readWords(root: YAMLMap): string {
  const words = readText(root, 'words', 100_000);
  if (words === undefined) throw new ProblemInPrompt('"words" is missing: what is the model asked to do?');
  return words;
}

function readFields(root: YAMLMap, attempt: Attempt): readonly PromptField[] {
  const list = root.get('fields', true);
  if (!isSeq(list) || list.items.length === 0) {
    throw new ProblemInPrompt('"fields" must be a list with at least one field', offsetOf(list));
  }
  if (list.items.length > MAX_FIELDS) throw new ProblemInPrompt(`more than ${MAX_FIELDS} fields`, offsetOf(list));
  const names = new Set<string>();
  return list.items.flatMap((item, index) => {
    const field = attempt(() => readField(item, index, names));
    return field ? [field] : [];
  });
}

function readField(item: unknown, index: number, names: Set<string>): PromptField {
  const offset = offsetOf(item);
  if (!isMap(item)) throw new ProblemInPrompt(`field ${index + 1} must be a mapping with name and type`, offset);
  const field = parseField(item.toJSON(), index, (key) => offsetOf(item.get(key, true)) ?? offset);
  if (names.has(field.name)) throw new ProblemInPrompt(`field "${field.name}" is there twice`, offset);
  names.add(field.name);
  return field;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
