import { StoreUnavailableError } from './ports.ts';

/** The system's error code of a failed file operation, `ENOENT` and so on. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  // Node's own errors (`ERR_…`) are bugs, not the system's.
  return typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined;
}

/** What a failed file operation means to the caller of a store; errors that are not the system's come back unchanged. */
export function toStoreError(verb: 'read' | 'write', path: string, error: unknown): unknown {
  if (error instanceof StoreUnavailableError) return error;
  const code = errorCode(error);
  if (code === undefined) return error;
  return new StoreUnavailableError(`Cannot ${verb} ${path} (${code}). ${fixFor(code)}`, { cause: error });
}

function fixFor(code: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'Free space on that disk, or choose another folder.';
    case 'EACCES':
      return 'Give the worker permission to use that folder.';
    case 'EPERM':
    case 'ENOTSUP':
    case 'EXDEV':
      return 'Give the worker permission to use that folder; its file system must support hard links.';
    case 'EROFS':
      return 'The file system is read-only: remount it, or choose another folder.';
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EISDIR':
      return 'A file stands where a folder should be, or the other way round: move it away, or choose another folder.';
    case 'ENOENT':
      return 'The folder has gone or cannot be created: bring it back, or choose another folder.';
    case 'EMFILE':
    case 'ENFILE':
      return 'Too many files are open: raise the limit (ulimit -n).';
    default:
      return 'Check the disk, then try again.';
  }
}
