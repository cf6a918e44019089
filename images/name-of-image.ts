import { fileURLToPath } from 'node:url';

/** What messages call an image: its path, or its address without sign-in and query, which may hold secrets. */
export function nameOfImage(uri: string): string {
  if (/^file:/i.test(uri)) {
    try {
      return fileURLToPath(uri);
    } catch {
      return uri;
    }
  }
  return /^https?:/i.test(uri) && URL.canParse(uri) ? nameOfAddress(new URL(uri)) : uri;
}

export function nameOfAddress({ protocol, host, pathname, search }: URL): string {
  const name = `${protocol}//${host}${pathname}`;
  return `${name.length > MAX_LENGTH ? `${name.slice(0, MAX_LENGTH)}...` : name}${search === '' ? '' : '?...'}`;
}

/** Leaves room in a message of 500 characters for what went wrong, also behind a redirect. */
const MAX_LENGTH = 180;
