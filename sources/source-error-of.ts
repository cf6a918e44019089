import { SourceError } from './ports.ts';

/** What a failed file-system call means for the source; passes a `SourceError` through. */
export function sourceErrorOf(path: string, what: 'folder' | 'file' | 'path', error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const sentence = SENTENCES[code];
  if (sentence) return new SourceError('InvalidRequest', `The ${what} ${path} ${sentence}`, { cause: error });
  if (/^E[A-Z0-9]+$/.test(code)) {
    return new SourceError('SourceUnavailable', `The ${what} ${path} cannot be read just now (${code})`, {
      cause: error,
    });
  }
  throw new Error(`Reading ${path} went wrong`, { cause: error });
}

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; check the path',
  ENOTDIR: 'does not exist: a part of its path is not a folder',
  ELOOP: 'cannot be reached: its links lead in a circle',
  ENAMETOOLONG: 'does not exist: its path is too long',
  ERR_INVALID_ARG_VALUE: 'does not exist: its path holds a zero byte',
  EACCES: 'may not be read; give the worker permission to read it',
  EPERM: 'may not be read; give the worker permission to read it',
  EISDIR: 'is a folder, not a file; name a file in it',
};
