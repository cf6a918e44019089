import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { oneAtATime } from '../../processes/one-at-a-time.mjs';
import { runProgram } from '../../processes/run-program.mjs';
import { packagesDiffer } from './packages-differ.mjs';

/** The packages could not be installed; the message is for a person. */
export class InstallError extends Error {
  /** @override */
  name = 'InstallError';
}

/** Quiet, and never a question: what npm would warn about is settled by package.json and the lock file. */
const NPM_FLAGS = [
  '--no-audit',
  '--no-fund',
  '--no-progress',
  '--no-update-notifier',
  '--loglevel=error',
  '--include=dev',
];

/**
 * Makes node_modules what package-lock.json says, unless it is. Only one process at a time does that for one folder.
 * @param {{ readonly root: string, readonly say: (line: string) => void, readonly env?: NodeJS.ProcessEnv }} options
 */
export async function installPackages({ root, say, env = process.env }) {
  if (!(await needsInstall(root))) return;
  await oneAtATime(
    `node_modules of ${root}`,
    async () => {
      if (!(await needsInstall(root))) return;
      say('Installing the packages of package-lock.json (usually less than a minute).');
      const { code, output } = await runProgram(...npm(['ci', ...NPM_FLAGS], env), { cwd: root, env });
      if (code !== 0) throw new InstallError(`npm ci failed:\n${output.trim()}`);
      if (!(await hasNode(root))) {
        throw new InstallError(
          'npm ci left no Node 24 in node_modules: npm is set to run no install scripts. Run: npm rebuild --ignore-scripts=false node @swc/core protobufjs',
        );
      }
    },
    () => say('Another set-up is installing the packages; waiting for it to end.'),
  );
}

/** @param {string} root */
async function needsInstall(root) {
  return (await packagesDiffer(root)) || !(await hasNode(root));
}

/**
 * Everything runs on the Node of node_modules, which its install script puts there.
 * @param {string} root
 */
async function hasNode(root) {
  const path = join(root, 'node_modules', '.bin', 'node');
  return (
    (await access(path).then(
      () => true,
      () => false,
    )) && (await runProgram(path, ['--version'])).code === 0
  );
}

/**
 * The npm that runs us, if one does.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, string[]]}
 */
function npm(args, env) {
  const script = env['npm_execpath'];
  return script?.endsWith('npm-cli.js') ? [process.execPath, [script, ...args]] : ['npm', [...args]];
}
