import { hash } from 'node:crypto';
import { LineCounter, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { failed, ok, type Result } from '../contracts/failures.ts';
import type { Prompt } from '../contracts/prompt.ts';
import { didYouMean } from './did-you-mean.ts';
import { ProblemInPrompt, parseField } from './parse-field.ts';

export interface PromptFile {
  /** The name of the file without its ending. */
  readonly name: string;
  /** How messages call the file: its path. */
  readonly path: string;
  /** YAML. */
  readonly text: string;
}

/** One prompt file to a prompt. Anything wrong is `InvalidRequest` that names the file, the line and the field. */
export function parsePrompt(file: PromptFile): Result<Prompt> {
  const lines = new LineCounter();
  try {
    if (file.text.length > MAX_TEXT_LENGTH) throw new ProblemInPrompt('is larger than 200 KB');
    return ok(toPrompt(file, lines));
  } catch (error) {
    if (!(error instanceof ProblemInPrompt)) throw error;
    const line = error.offset === undefined ? '' : ` line ${lines.linePos(error.offset).line}`;
    return failed('InvalidRequest', `Prompt ${file.path}${line}: ${error.message}`);
  }
}

/** A prompt's name is the name of its file. */
export const PROMPT_NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;
const MAX_TEXT_LENGTH = 200_000;
const MAX_FIELDS = 100;
const KEYS = ['title', 'subject', 'words', 'fields'];

function toPrompt(file: PromptFile, lines: LineCounter): Prompt {
  if (!PROMPT_NAME_PATTERN.test(file.name)) {
    throw new ProblemInPrompt('the name of the file may hold only a-z, 0-9 and -, and at most 63 characters');
  }
  const root = readRoot(file.text, lines);
  for (const pair of root.items) {
    const key = String(pair.key);
    if (KEYS.includes(key)) continue;
    const meant = didYouMean(key, KEYS);
    throw new ProblemInPrompt(
      `unknown key "${key}"; ${meant ? `did you mean "${meant}"?` : `a prompt has ${KEYS.join(', ')}`}`,
      offsetOf(pair.key),
    );
  }
  const subject = readText(root, 'subject', 500);
  const title = readText(root, 'title', 200) ?? file.name;
  const words = readText(root, 'words', 100_000);
  if (words === undefined) throw new ProblemInPrompt('"words" is missing: what is the model asked to do?');
  const content = {
    name: file.name,
    title,
    ...(subject !== undefined && { subject }),
    words,
    fields: readFields(root),
  };
  return { ...content, digest: hash('sha256', JSON.stringify(content), 'hex') };
}

function readRoot(text: string, lines: LineCounter): YAMLMap {
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const [problem] = document.errors;
  if (problem) throw new ProblemInPrompt(`is not valid YAML: ${problem.message}`, problem.pos[0]);
  if (!isMap(document.contents)) throw new ProblemInPrompt(`must be a YAML mapping with ${KEYS.join(', ')}`);
  return document.contents;
}

function readText(root: YAMLMap, key: string, maxLength: number): string | undefined {
  if (!root.has(key)) return undefined;
  const value = root.get(key);
  const offset = offsetOf(root.get(key, true));
  if (typeof value !== 'string' || value.trim() === '') throw new ProblemInPrompt(`"${key}" must be a text`, offset);
  if (value.length > maxLength) throw new ProblemInPrompt(`"${key}" is longer than ${maxLength} characters`, offset);
  return value.trim();
}

function readFields(root: YAMLMap): Prompt['fields'] {
  const list = root.get('fields', true);
  if (!isSeq(list) || list.items.length === 0) {
    throw new ProblemInPrompt('"fields" must be a list with at least one field', offsetOf(list));
  }
  if (list.items.length > MAX_FIELDS) throw new ProblemInPrompt(`more than ${MAX_FIELDS} fields`, offsetOf(list));
  const names = new Set<string>();
  return list.items.map((item, index) => {
    const offset = offsetOf(item);
    if (!isMap(item)) throw new ProblemInPrompt(`field ${index + 1} must be a mapping with name and type`, offset);
    const field = parseField(item.toJSON(), index, offset);
    if (names.has(field.name)) throw new ProblemInPrompt(`field "${field.name}" is there twice`, offset);
    names.add(field.name);
    return field;
  });
}

function offsetOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  const start: unknown = node.range[0];
  return typeof start === 'number' ? start : undefined;
}
