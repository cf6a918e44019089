import { mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { oneAtATime } from '../../processes/one-at-a-time.mjs';
import { runProgram } from '../../processes/run-program.mjs';
import { STORAGE_SERVER_VERSION, exists, storageServerPath } from './locate-servers.mjs';
import { makeCacheFolder } from './make-cache-folder.mjs';
import { ServerMissingError, lastLines } from './server-missing-error.mjs';

const MODULE = `github.com/fsouza/fake-gcs-server@v${STORAGE_SERVER_VERSION}`;

/**
 * Builds fake-gcs-server from Go modules into the user's cache folder, unless it is there. Throws `ServerMissingError`.
 * @param {{ readonly say: (line: string) => void, readonly env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<string>} path of the program
 */
export async function obtainStorageServer({ say, env = process.env }) {
  const path = storageServerPath(env);
  if (await exists(path)) return path;
  return oneAtATime(
    path,
    async () => {
      if (await exists(path)) return path;
      const go = await runProgram('go', ['version'], { env });
      if (go.code !== 0) {
        throw new ServerMissingError(
          `fake-gcs-server needs Go (https://go.dev/dl) to be built, and go is not usable: ${lastLines(go.output)}`,
        );
      }
      say(
        `Building fake-gcs-server ${STORAGE_SERVER_VERSION} from Go modules (usually 2 to 4 minutes, only this once).`,
      );
      await build(path, env);
      return path;
    },
    () => say('Another set-up is building fake-gcs-server; waiting for it to end.'),
  );
}

/**
 * The place is empty or holds a whole program, whenever this is interrupted.
 * @param {string} path
 * @param {NodeJS.ProcessEnv} env
 */
async function build(path, env) {
  await makeCacheFolder(dirname(path), 'fake-gcs-server');
  const work = await mkdtemp(join(dirname(path), '.unfinished-'));
  try {
    // Two packages at a time would need twice the memory.
    const { code, output } = await runProgram('go', ['install', '-p', '1', MODULE], {
      env: { ...env, GOBIN: work, GOWORK: 'off', CGO_ENABLED: '0' },
    });
    if (code !== 0) throw new ServerMissingError(`fake-gcs-server cannot be built: ${lastLines(output)}`);
    await rename(join(work, 'fake-gcs-server'), path);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
