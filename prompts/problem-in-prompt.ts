/** Something wrong in a prompt file; `offset` is where, in characters from its start. */
export class ProblemInPrompt extends Error {
  override name = 'ProblemInPrompt';
  readonly offset: number | undefined;

  constructor(message: string, offset?: number) {
    super(message);
    this.offset = offset;
  }
}

/** Where a node of the YAML begins. */
export function offsetOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  const start: unknown = node.range[0];
  return typeof start === 'number' ? start : undefined;
}
