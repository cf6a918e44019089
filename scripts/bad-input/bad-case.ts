import type { CliResult, IoChoice } from '../../tests/support/recorded-io.ts';

/** Where a case is made: a folder of its own, and the command line in it. */
export interface Bench {
  readonly dir: string;
  /** Writes a file below the folder and returns its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  sightline(argv: readonly string[], choice?: IoChoice): Promise<CliResult>;
}

/** What a person is told, and how it ends: an exit code, a rejected entry, or the outcome of an asset. */
export interface End {
  readonly message: string;
  readonly ends: string;
}

/** Something wrong that people bring. */
export interface BadCase {
  readonly what: string;
  /** What the person does about it. */
  readonly todo: string;
  readonly make: (bench: Bench) => Promise<End>;
}

/** Cases that belong together on the page. */
export interface BadGroup {
  readonly title: string;
  /** How they end, and what becomes of everything else. */
  readonly intro: string;
  readonly cases: readonly BadCase[];
}

/** Files by their names. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export async function writeAll(bench: Bench, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) await bench.write(name, content);
}

/** What a command that was refused said on stderr, without the line that names its help or the next command. */
export function endOf({ code, err }: CliResult): End {
  const lines = err.split('\n').filter((line) => line !== '' && !/^(Next|See): /.test(line));
  return { message: lines.join('\n'), ends: `exit code ${code}` };
}
