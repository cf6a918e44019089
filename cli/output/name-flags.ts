/** Fields of a request that are flags on the command line. */
const FLAGS = { idColumn: '--id-column', imageColumn: '--image-column' } as const;

/** Names the flag beside the field that a message asks for: `"idColumn"` becomes `"idColumn" (--id-column)`. */
export function nameFlags(message: string): string {
  return Object.entries(FLAGS).reduce(
    (text, [field, flag]) =>
      text.replaceAll(`"${field}"`, `"${field}" (${flag})`).replaceAll(`(${field})`, `(${field}, ${flag})`),
    message,
  );
}
