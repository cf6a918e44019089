import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { failed, ok, type Result } from '../contracts/failures.ts';
import type { SourceSpec } from '../contracts/run.ts';
import { sourceErrorOf } from './source-error-of.ts';

/**
 * Completes what a person gave as source: a path becomes a specification by looking at it (a folder of images, or a
 * file ending in .csv), and relative paths start at `baseFolder`. `InvalidRequest` when it is neither.
 */
export async function resolveSourceSpec(source: string | SourceSpec, baseFolder: string): Promise<Result<SourceSpec>> {
  if (typeof source !== 'string') return ok({ ...source, path: resolve(baseFolder, source.path) });
  if (source.trim() === '') return failed('InvalidRequest', 'source: name a folder of images or a CSV file');
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source)) {
    return failed('InvalidRequest', `source: ${source} is an address; sources are folders of images and CSV files`);
  }
  const path = resolve(baseFolder, source);
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return ok({ kind: 'folder', path });
    if (/\.csv$/i.test(path)) return ok({ kind: 'csv', path });
    return failed('InvalidRequest', `source: ${path} is neither a folder of images nor a file ending in .csv`);
  } catch (error) {
    const { failure, message } = sourceErrorOf(path, 'path', error);
    return failed(failure, `source: ${message}`);
  }
}
