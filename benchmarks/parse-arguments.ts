import { parseArgs } from 'node:util';

export interface BenchArguments {
  /** Undefined: all. */
  readonly name: string | undefined;
  readonly json: boolean;
  readonly quick: boolean;
}

export const USAGE = 'Usage: npm run bench -- [NAME] [--json] [--quick]';

/** Reads the command line; throws `RangeError` with a sentence for the person. */
export function parseArguments(args: readonly string[], names: readonly string[]): BenchArguments {
  const { values, positionals } = parse(args);
  const [name, ...more] = positionals;
  if (more.length > 0) throw new RangeError(`One benchmark at a time. ${USAGE}`);
  if (name !== undefined && !names.includes(name)) {
    throw new RangeError(`There is no benchmark ${name}; there are ${names.join(', ')}. ${USAGE}`);
  }
  return { name, json: values.json, quick: values.quick };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new RangeError(`${error instanceof Error ? error.message : String(error)} ${USAGE}`, { cause: error });
  }
}
