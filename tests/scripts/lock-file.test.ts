import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NAMES = z.record(z.string(), z.string()).default({});
const LOCK = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      dependencies: NAMES,
      optionalDependencies: NAMES,
    }),
  ),
});
const MANIFEST = z.object({ dependencies: NAMES, devDependencies: NAMES });

describe('package-lock.json', () => {
  const { packages } = LOCK.parse(JSON.parse(readFileSync(`${ROOT}/package-lock.json`, 'utf8')));

  test('holds the optional packages of every platform, so that npm ci works on each', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !resolves(path, name, packages))
        .map((name) => `${path} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test.each(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'])('holds what runs on %s', (platform) => {
    const [system, processor] = platform.split('-');
    for (const name of [`@img/sharp-${platform}`, `@duckdb/node-bindings-${platform}`]) {
      expect(packages).toHaveProperty([`node_modules/${name}`]);
    }
    expect(Object.keys(packages).some((path) => path.includes(`@swc/core-${system}-${processor}`))).toBe(true);
  });

  test('names no registry', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
    expect(readFileSync(`${ROOT}/.npmrc`, 'utf8')).not.toMatch(/registry\s*=|https?:/);
  });

  test('has all of Temporal at one version', () => {
    const { dependencies } = MANIFEST.parse(JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')));
    const wanted = new Set(
      Object.entries(dependencies).flatMap(([name, version]) => (name.startsWith('@temporalio/') ? [version] : [])),
    );
    const locked = Object.entries(packages).flatMap(([path, { version }]) =>
      /node_modules\/@temporalio\/[^/]+$/.test(path) ? [version] : [],
    );
    expect(wanted.size).toBe(1);
    expect(new Set(locked)).toEqual(wanted);
  });
});

/** Whether a package at `path` finds `name` as Node does: beside itself or in a folder above. */
function resolves(path: string, name: string, packages: Readonly<Record<string, unknown>>): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (place in packages) return true;
    if (folder === '') return false;
  }
}
