import type { Analyzers } from '../analyzers/index.ts';
import type { Prompt } from '../contracts/prompt.ts';

/** Kinds of analyzers that answer a prompt. */
export function answeringKinds(analyzers: Analyzers, prompt: Prompt): readonly string[] {
  return analyzers.kinds.filter((kind) => analyzers.find(kind)?.refuses(prompt) === null);
}
