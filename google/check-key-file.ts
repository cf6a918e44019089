import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { NoCredentialsError } from './no-credentials-error.ts';

/** Who names the file, and where it is. */
export interface NamedKeyFile {
  /** Completes "... which does not exist". */
  readonly named: string;
  readonly path: string;
}

/** Throws `NoCredentialsError` where Google's libraries would find no credentials in a file: what they throw looks like a broken disk, or a slip of ours. */
export async function checkKeyFile({ named, path }: NamedKeyFile): Promise<void> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new NoCredentialsError(`${named}, which ${unreadable(cause)}`, { cause });
  });
  const problem = problemIn(text);
  if (problem !== null) throw new NoCredentialsError(`${named}, which ${problem}`);
}

function unreadable(error: unknown): string {
  const { code = '' } = error as { readonly code?: string };
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  return code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
}

/** What a file has to hold, by its type. Of the others the library says more when it uses them. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  service_account: ['client_email', 'private_key'],
  authorized_user: ['client_id', 'client_secret', 'refresh_token'],
};

function problemIn(text: string): string | null {
  const held = objectIn(text);
  if (held === null) return 'is no JSON object as Google writes its keys';
  const { type = 'service_account', private_key: key } = held;
  const missing = (NEEDED[String(type)] ?? []).filter((name) => typeof held[name] !== 'string' || held[name] === '');
  if (missing.length > 0) return `is no key of Google: it lacks ${missing.join(', ')}`;
  return type === 'service_account' && !isPrivateKey(String(key)) ? 'holds a private_key that cannot be read' : null;
}

function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const held: unknown = JSON.parse(text);
    const isObject = typeof held === 'object' && held !== null && !Array.isArray(held);
    return isObject ? (held as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function isPrivateKey(key: string): boolean {
  try {
    createPrivateKey(key);
    return true;
  } catch {
    return false;
  }
}
