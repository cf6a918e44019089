import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Finding {
  readonly file: string;
  /** For example `eslint(max-lines)`. */
  readonly rule: string;
  /** From 1. */
  readonly line: number | undefined;
}

/** Lints files (path in the repository to text) with the repository's own rules. */
export async function lintSnippets(files: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-lint-'));
  try {
    await cp(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    await cp(join(ROOT, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const found = await diagnostics(folder);
    return found.map(({ filename, code, labels }) => ({ file: filename, rule: code, line: labels[0]?.span.line }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Diagnostic {
  readonly filename: string;
  readonly code: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

function diagnostics(folder: string): Promise<readonly Diagnostic[]> {
  const program = join(ROOT, 'node_modules/.bin/oxlint');
  return new Promise((resolve, reject) => {
    execFile(program, ['--format=json'], { cwd: folder, maxBuffer: 1 << 26 }, (_failed, stdout, stderr) => {
      try {
        resolve((JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] }).diagnostics);
      } catch (cause) {
        reject(new Error(`oxlint did not answer in JSON: ${stdout.slice(0, 2000)} ${stderr}`, { cause }));
      }
    });
  });
}
