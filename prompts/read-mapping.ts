import { isMap, isScalar, parseDocument, visit, type YAMLMap } from 'yaml';
import { offsetOf, ProblemInPrompt } from './problem-in-prompt.ts';

/**
 * The mapping that a YAML text holds; undefined when it holds something else. Throws `ProblemInPrompt` for what is no YAML
 * and for what only makes a file hard to follow: aliases, tags of one's own, keys that are there twice, several documents.
 */
export function readMapping(text: string): YAMLMap | undefined {
  // The library compares each key with each other one; a large file would take seconds.
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem?.code === 'MULTIPLE_DOCS') {
    throw new ProblemInPrompt('holds more than one YAML document; keep one in a file', problem.pos[0]);
  }
  if (problem) throw new ProblemInPrompt(`is not valid YAML: ${problem.message}`, problem.pos[0]);
  visit(document, {
    Alias(_key, node) {
      throw new ProblemInPrompt('YAML aliases (*name) are not followed; write the value out', offsetOf(node));
    },
    Map(_key, map) {
      checkKeys(map);
    },
  });
  return isMap(document.contents) ? document.contents : undefined;
}

function checkKeys({ items }: YAMLMap): void {
  const seen = new Set<string>();
  for (const { key } of items) {
    if (!isScalar(key)) throw new ProblemInPrompt('a key must be a word', offsetOf(key));
    const name = String(key.value);
    if (seen.has(name)) throw new ProblemInPrompt(`key "${name.slice(0, 80)}" is there twice`, offsetOf(key));
    seen.add(name);
  }
}
