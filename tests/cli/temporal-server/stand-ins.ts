import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder that is removed when the variable goes out of scope. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A program that is a shell script. */
export async function writeProgram(path: string, script: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

/** A program that knows nothing but its version. */
export function writeTemporal(path: string, version: string): Promise<string> {
  return writeProgram(path, `echo 'temporal version ${version} (Server 1.31.2, UI 2.50.1)'`);
}

export interface ReleaseServer extends AsyncDisposable {
  readonly url: string;
  /** Paths that were asked for. */
  readonly requests: readonly string[];
}

/** Answers as the download of a release does; `answer` takes the name of a file. */
export async function serveRelease(answer: (name: string, response: ServerResponse) => void): Promise<ReleaseServer> {
  const requests: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const name = (request.url ?? '').split('/').at(-1) ?? '';
    requests.push(name);
    answer(name, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/release`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A release's archive with `temporal` in it, and its SHA-256. */
export async function packTemporal(
  folder: string,
  version: string,
): Promise<{ readonly bytes: Buffer; readonly sha256: string }> {
  await writeTemporal(join(folder, 'content', 'temporal'), version);
  await writeFile(join(folder, 'content', 'LICENSE'), 'MIT');
  const archive = join(folder, 'archive.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', join(folder, 'content'), 'LICENSE', 'temporal']);
  const bytes = await readFile(archive);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
