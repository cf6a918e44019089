import { rm, writeFile } from 'node:fs/promises';
import { oneAtATime } from '../../processes/one-at-a-time.mjs';
import { runProgram } from '../../processes/run-program.mjs';
import { exists, pythonFolder, pythonIn, wholeMark } from './locate-servers.mjs';
import { makeCacheFolder } from './make-cache-folder.mjs';
import { ServerMissingError, lastLines } from './server-missing-error.mjs';

const OLDEST = [3, 11];
const PIP_FLAGS = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];

/**
 * Makes a Python environment in the user's cache folder that holds exactly what a lock file names, unless it is there.
 * Throws `ServerMissingError`.
 * @param {{ readonly name: string, readonly lockFile: string, readonly about: string, readonly say: (line: string) => void,
 *   readonly env?: NodeJS.ProcessEnv }} options `name` is the folder's, `about` tells a person what is being installed
 * @returns {Promise<string>} path of its `python`
 */
export async function obtainPython({ name, lockFile, about, say, env = process.env }) {
  const folder = pythonFolder(name, lockFile, env);
  if (await exists(wholeMark(folder))) return pythonIn(folder);
  return oneAtATime(
    folder,
    async () => {
      if (await exists(wholeMark(folder))) return pythonIn(folder);
      // Whoever left this did not finish; an environment cannot be moved, so that it is made where it stays.
      await rm(folder, { recursive: true, force: true });
      await checkPython(about, env);
      say(`Installing ${about} from ${lockFile} (usually one minute, only this once).`);
      await makeCacheFolder(folder, about);
      await makeEnvironment(folder, about, env);
      const { code, output } = await runProgram(pythonIn(folder), [...PIP_FLAGS, '-r', lockFile], { env });
      if (code !== 0) throw new ServerMissingError(`${about} cannot be installed: pip says: ${lastLines(output)}`);
      await writeFile(wholeMark(folder), '');
      return pythonIn(folder);
    },
    () => say(`Another set-up is installing ${about}; waiting for it to end.`),
  );
}

/**
 * @param {string} about
 * @param {NodeJS.ProcessEnv} env
 */
async function checkPython(about, env) {
  const { code, output } = await runProgram('python3', ['--version'], { env });
  const version = /Python (\d+)\.(\d+)/.exec(output);
  if (code !== 0 || version === null) {
    throw new ServerMissingError(
      `${about} needs Python 3.11 or newer, and python3 is not usable: ${lastLines(output)}`,
    );
  }
  const [major = 0, minor = 0] = version.slice(1).map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new ServerMissingError(`${about} needs Python 3.11 or newer, and python3 is ${major}.${minor}.`);
  }
}

/**
 * @param {string} folder
 * @param {string} about
 * @param {NodeJS.ProcessEnv} env
 */
async function makeEnvironment(folder, about, env) {
  const { code, output } = await runProgram('python3', ['-m', 'venv', folder], { env });
  if (code === 0) return;
  const hint = output.includes('ensurepip') ? ' On Debian and Ubuntu run: apt-get install python3-venv' : '';
  throw new ServerMissingError(
    `${about} needs a Python environment, and python3 -m venv failed: ${lastLines(output)}${hint}`,
  );
}
