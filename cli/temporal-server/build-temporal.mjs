import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TEMPORAL_VERSION } from './locate-temporal.mjs';
import { runProgram } from '../../processes/run-program.mjs';

/** A Go module that pins the Temporal CLI with checksums of everything it is made from. */
const MODULE = fileURLToPath(new URL('../../scripts/temporal-cli/', import.meta.url));
const PACKAGE = 'github.com/temporalio/cli/cmd/temporal';
const VERSION_VARIABLE = 'github.com/temporalio/cli/internal/temporalcli.Version';
const NEEDED = [1, 26, 4];
const STILL_AT_IT_MS = 60_000;

/**
 * Builds the program from Go modules into `folder`.
 * @param {{ readonly folder: string, readonly say: (line: string) => void, readonly env: import('./locate-temporal.mjs').Environment }} options
 * @returns {Promise<import('./put-in-place.mjs').Produced>}
 */
export async function buildTemporal({ folder, say, env }) {
  const place = { cwd: MODULE, env: { ...env, CGO_ENABLED: '0', GOWORK: 'off' } };
  const go = await runProgram('go', ['version'], place);
  const version = /\bgo(\d+)\.(\d+)(?:\.(\d+))?/.exec(go.output);
  if (go.code !== 0 || version === null) {
    return { ok: false, reason: `it cannot be built here: Go is not usable (${firstLine(go.output)})` };
  }
  if (!isNewEnough(version.slice(1).map((part) => Number(part ?? 0)))) {
    return {
      ok: false,
      reason: `it cannot be built here: Go ${NEEDED.join('.')} or newer is needed, this is ${version[0]}`,
    };
  }
  say(`Building the Temporal server ${TEMPORAL_VERSION} from Go modules (usually 3 to 5 minutes, only this once).`);
  const started = Date.now();
  const patience = setInterval(
    () => say(`  still building, ${Math.round((Date.now() - started) / 60_000)} min`),
    STILL_AT_IT_MS,
  );
  const file = join(folder, 'temporal');
  const flags = ['-trimpath', '-ldflags', `-s -w -X ${VERSION_VARIABLE}=${TEMPORAL_VERSION}`];
  const build = await runProgram('go', ['build', ...flags, '-o', file, PACKAGE], place);
  clearInterval(patience);
  if (build.code !== 0) return { ok: false, reason: `the build failed: ${lastLines(build.output)}` };
  return { ok: true, file };
}

/** @param {readonly number[]} version */
function isNewEnough(version) {
  for (const [place, needed] of NEEDED.entries()) {
    const part = version[place] ?? 0;
    if (part !== needed) return part > needed;
  }
  return true;
}

/** @param {string} text */
function firstLine(text) {
  return text.trim().split('\n')[0] ?? '';
}

/** @param {string} text */
function lastLines(text) {
  return text.trim().split('\n').slice(-5).join('\n    ');
}
