import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TEMPORAL_VERSION } from './locate-temporal.mjs';
import { runProgram } from '../../processes/run-program.mjs';

/** Of the release; SIGHTLINE_TEMPORAL_DOWNLOAD_URL names a mirror with the same files, or `off`. */
const RELEASE = `https://github.com/temporalio/cli/releases/download/v${TEMPORAL_VERSION}`;
/** Without network the next way is tried soon. */
const ANSWER_TIMEOUT_MS = 5_000;
const STALL_TIMEOUT_MS = 30_000;

/**
 * Downloads the official archive for this platform into `folder`, compares it with the release's checksums, and unpacks it.
 * @param {{ readonly folder: string, readonly say: (line: string) => void, readonly env: import('./locate-temporal.mjs').Environment }} options
 * @returns {Promise<import('./put-in-place.mjs').Produced>}
 */
export async function downloadTemporal({ folder, say, env }) {
  const base = (env['SIGHTLINE_TEMPORAL_DOWNLOAD_URL'] || RELEASE).replace(/\/+$/, '');
  if (base === 'off') return refused('the download is switched off by SIGHTLINE_TEMPORAL_DOWNLOAD_URL');
  const name = archiveName();
  if (name === undefined) return refused(`no download exists for ${process.platform} on ${process.arch}`);
  say(`Downloading the Temporal server ${TEMPORAL_VERSION} (about 50 MB, usually less than a minute).`);
  const checksums = join(folder, 'checksums.txt');
  const archive = join(folder, name);
  try {
    await download(`${base}/checksums.txt`, checksums);
    const expected = checksumOf(await readFile(checksums, 'utf8'), name);
    if (expected === undefined) return refused(`${base}/checksums.txt has no line for ${name}`);
    const actual = await download(`${base}/${name}`, archive);
    if (actual !== expected) {
      return refused(`${base}/${name} was refused: its SHA-256 is ${actual}, the release's checksum is ${expected}`);
    }
  } catch (error) {
    return refused(`the download from ${base} failed: ${reasonOf(error)}`);
  }
  const { code, output } = await runProgram('tar', ['-xzf', archive, '-C', folder, 'temporal']);
  if (code !== 0) return refused(`${name} cannot be unpacked: ${output.trim()}`);
  return { ok: true, file: join(folder, 'temporal') };
}

/** Name of the release's archive, undefined where there is none that we can unpack. */
export function archiveName(platform = process.platform, arch = process.arch) {
  const system = platform === 'linux' || platform === 'darwin' ? platform : undefined;
  const processor = arch === 'x64' ? 'amd64' : arch === 'arm64' ? 'arm64' : undefined;
  if (system === undefined || processor === undefined) return undefined;
  return `temporal_cli_${TEMPORAL_VERSION}_${system}_${processor}.tar.gz`;
}

/**
 * @param {string} checksums lines of `<sha256>  <name>`
 * @param {string} name
 */
function checksumOf(checksums, name) {
  for (const line of checksums.split('\n')) {
    const [digest, file] = line.trim().split(/\s+\*?/);
    if (file === name && digest !== undefined && /^[0-9a-f]{64}$/i.test(digest)) return digest.toLowerCase();
  }
  return undefined;
}

/**
 * @param {string} url
 * @param {string} path
 * @returns {Promise<string>} SHA-256 of what was written, hex
 */
async function download(url, path) {
  const control = new AbortController();
  const give = (/** @type {number} */ ms) =>
    setTimeout(() => control.abort(new Error(`no data within ${ms / 1000} s`)), ms);
  let timer = give(ANSWER_TIMEOUT_MS);
  const file = await open(path, 'w');
  try {
    const response = await fetch(url, { signal: control.signal });
    if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
    const hash = createHash('sha256');
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = give(STALL_TIMEOUT_MS);
      hash.update(chunk);
      await file.write(chunk);
    }
    return hash.digest('hex');
  } finally {
    clearTimeout(timer);
    await file.close();
  }
}

/** @param {string} reason */
function refused(reason) {
  return { ok: /** @type {const} */ (false), reason };
}

/**
 * What went wrong on the network stands in the cause of what `fetch` throws.
 * @param {unknown} error
 * @returns {string}
 */
function reasonOf(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
