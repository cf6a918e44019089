import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InstallError, installPackages } from '../../scripts/setup/install-packages.mjs';
import { packagesDiffer } from '../../scripts/setup/packages-differ.mjs';
import { temporaryFolder } from '../cli/temporal-server/stand-ins.ts';

const LOCKED = {
  '': { version: '0.1.0' },
  'node_modules/node': { version: '24.21.0', integrity: 'sha512-a' },
  'node_modules/zod': { version: '4.6.7', integrity: 'sha512-b' },
  'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-c', optional: true },
};
type Packages = Readonly<
  Record<string, { readonly version: string; readonly integrity?: string; readonly optional?: boolean }>
>;

async function writeLock(path: string, packages: Packages): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, JSON.stringify({ lockfileVersion: 3, packages }));
}

async function differs(installed: Packages | undefined): Promise<boolean> {
  await using folder = await temporaryFolder();
  await writeLock(join(folder.path, 'package-lock.json'), LOCKED);
  if (installed) await writeLock(join(folder.path, 'node_modules/.package-lock.json'), installed);
  return await packagesDiffer(folder.path);
}

test('what was installed is what the lock file says', async () => {
  const { '': _root, 'node_modules/other-platform': other, ...installed } = LOCKED;
  expect(await differs(installed)).toBe(false);
  expect(await differs({ ...installed, 'node_modules/other-platform': other })).toBe(false);
});

test.each([
  ['nothing is installed', undefined],
  ['a package is missing', { 'node_modules/node': LOCKED['node_modules/node'] }],
  ['a package has another version', { ...LOCKED, 'node_modules/zod': { version: '4.6.6', integrity: 'sha512-b' } }],
  ['a package has another content', { ...LOCKED, 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-x' } }],
  ['an optional package has another version', { ...LOCKED, 'node_modules/other-platform': { version: '0.9.0' } }],
])('%s: that differs', async (_case, installed) => {
  expect(await differs(installed)).toBe(true);
});

test('a missing or broken lock file is an error, and a broken record of the install is none', async () => {
  await using folder = await temporaryFolder();
  await expect(packagesDiffer(folder.path)).rejects.toThrow(/package-lock\.json cannot be read/);
  await writeLock(join(folder.path, 'package-lock.json'), LOCKED);
  await mkdir(join(folder.path, 'node_modules'));
  await writeFile(join(folder.path, 'node_modules/.package-lock.json'), '{"packages": {');
  expect(await packagesDiffer(folder.path)).toBe(true);
});

/** A project, and in place of npm a script that writes down how it was called. */
async function project(
  path: string,
  npm: string,
): Promise<{ readonly root: string; readonly env: NodeJS.ProcessEnv; readonly calls: () => string }> {
  const script = join(path, 'npm-cli.js');
  await writeLock(join(path, 'package-lock.json'), LOCKED);
  await writeFile(
    script,
    `const { appendFileSync, copyFileSync, mkdirSync, symlinkSync } = require('node:fs');
     appendFileSync(${JSON.stringify(join(path, 'calls'))}, process.argv.slice(2).join(' ') + '\\n');
     const node = () => { mkdirSync('node_modules/.bin', { recursive: true }); symlinkSync(process.execPath, 'node_modules/.bin/node'); };
     const record = () => { mkdirSync('node_modules', { recursive: true }); copyFileSync('package-lock.json', 'node_modules/.package-lock.json'); };
     ${npm}`,
  );
  const calls = join(path, 'calls');
  return {
    root: path,
    env: { ...process.env, npm_execpath: script },
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8') : ''),
  };
}

test('a fresh clone is installed with one line of talk, and afterwards nothing is done or said', async () => {
  await using folder = await temporaryFolder();
  const { root, env, calls } = await project(folder.path, 'console.log("npm warn EBADENGINE"); node(); record();');
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  await installPackages({ root, say, env });
  expect(said).toEqual([expect.stringMatching(/^Installing .*usually less than a minute/)]);
  expect(calls()).toMatch(/^ci .*--no-audit --no-fund .*--loglevel=error/);
  await installPackages({ root, say, env });
  expect(said).toHaveLength(1);
  expect(calls().trim().split('\n')).toHaveLength(1);
});

test('a changed lock file is installed again', async () => {
  await using folder = await temporaryFolder();
  const { root, env, calls } = await project(
    folder.path,
    "require('node:fs').rmSync('node_modules', { recursive: true, force: true }); node(); record();",
  );
  const say = () => {};
  await installPackages({ root, say, env });
  await writeLock(join(root, 'package-lock.json'), { ...LOCKED, 'node_modules/new': { version: '1.0.0' } });
  await installPackages({ root, say, env });
  expect(calls().trim().split('\n')).toHaveLength(2);
});

test('two at once install once', async () => {
  await using folder = await temporaryFolder();
  const { root, env, calls } = await project(
    folder.path,
    // Ends when the other one is known to wait.
    `(function end() { if (!require('node:fs').existsSync('go')) return setTimeout(end, 10); node(); record(); })();`,
  );
  const said: string[] = [];
  const say = (line: string) => {
    said.push(line);
    if (line.includes('waiting')) void writeFile(join(root, 'go'), '');
  };
  await Promise.all([installPackages({ root, say, env }), installPackages({ root, say, env })]);
  expect(calls().trim().split('\n')).toHaveLength(1);
  expect(said).toContain('Another set-up is installing the packages; waiting for it to end.');
});

test('what npm says is shown when it fails', async () => {
  await using folder = await temporaryFolder();
  const { root, env } = await project(folder.path, "console.error('npm error code ENOTFOUND'); process.exitCode = 1;");
  const failure = await installPackages({ root, say: () => {}, env }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InstallError);
  expect(String(failure)).toContain('npm error code ENOTFOUND');
});

test('an npm that runs no install scripts is told apart', async () => {
  await using folder = await temporaryFolder();
  const { root, env } = await project(folder.path, 'record();');
  await expect(installPackages({ root, say: () => {}, env })).rejects.toThrow(
    /npm rebuild --ignore-scripts=false node/,
  );
});

test('a broken-off install is done again', async () => {
  await using folder = await temporaryFolder();
  const { root, env, calls } = await project(folder.path, 'node(); record();');
  await mkdir(join(root, 'node_modules/zod'), { recursive: true });
  await installPackages({ root, say: () => {}, env });
  expect(calls()).not.toBe('');
  expect(await readFile(join(root, 'node_modules/.package-lock.json'), 'utf8')).toContain('zod');
  await rm(join(root, 'node_modules/.bin/node'));
  await expect(installPackages({ root, say: () => {}, env })).resolves.toBeUndefined();
});
