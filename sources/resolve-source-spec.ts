import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isAddress } from '../contracts/asset.ts';
import { failed, ok, type Result } from '../contracts/failures.ts';
import type { SourceSpec } from '../contracts/source.ts';
import { isBucketPath } from './bucket-folder.ts';
import { isBigQueryPath } from './parse-bigquery-path.ts';
import { sourceErrorOf } from './source-error-of.ts';

/** What the ending of a file says about it. */
const KIND_BY_ENDING: readonly (readonly [RegExp, Exclude<SourceSpec['kind'], 'folder'>])[] = [
  [/\.(csv|tsv)$/i, 'csv'],
  [/\.(jsonl|ndjson)$/i, 'jsonl'],
  [/\.parquet$/i, 'parquet'],
  [/\.(txt|list)$/i, 'list'],
];

/**
 * Completes what a person gave as source: a path becomes a specification by looking at it (a folder of images, or a
 * file by its ending), and relative paths start at `baseFolder`. `InvalidRequest` when it is neither.
 */
export async function resolveSourceSpec(source: string | SourceSpec, baseFolder: string): Promise<Result<SourceSpec>> {
  if (typeof source !== 'string') return ok(withAbsolutePaths(source, baseFolder));
  if (source.trim() === '') return failed('InvalidRequest', `source: name ${WHAT}`);
  if (isBucketPath(source)) {
    const kind = kindByEnding(source);
    if (kind === undefined) return ok({ kind: 'folder', path: source });
    return failed(
      'InvalidRequest',
      `source: ${source} is a file in a bucket, and only folders of images are read there; copy it here first with gcloud storage cp`,
    );
  }
  if (isBigQueryPath(source)) return ok({ kind: 'bigquery', path: source });
  if (isAddress(source)) {
    return failed(
      'InvalidRequest',
      `source: ${source} is an address; a source is ${WHAT}. Addresses of images go into such a file`,
    );
  }
  const path = resolve(baseFolder, source);
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return ok({ kind: 'folder', path });
    const kind = kindByEnding(path);
    if (kind !== undefined) return ok({ kind, path });
    return failed('InvalidRequest', `source: ${path} is none of these: ${WHAT}; say what it is with "kind"`);
  } catch (error) {
    const { failure, message } = sourceErrorOf(path, 'path', error);
    return failed(failure, `source: ${message}`);
  }
}

/** The kind of a file with this name; undefined when its ending does not say it. */
export function kindByEnding(path: string): Exclude<SourceSpec['kind'], 'folder'> | undefined {
  if (isBigQueryPath(path)) return 'bigquery';
  return KIND_BY_ENDING.find(([ending]) => ending.test(path))?.[1];
}

const WHAT =
  'a folder of images, or a file ending in .csv, .tsv, .jsonl, .ndjson, .parquet, .txt or .list, a folder in a bucket, gs://BUCKET/FOLDER, or a table of BigQuery, bq://PROJECT.DATASET.TABLE';

function withAbsolutePaths(spec: SourceSpec, baseFolder: string): SourceSpec {
  const path = isAddress(spec.path) ? spec.path : resolve(baseFolder, spec.path);
  if (spec.kind === 'folder' || spec.base === undefined) return { ...spec, path };
  return { ...spec, path, base: isAddress(spec.base) ? spec.base : resolve(baseFolder, spec.base) };
}
