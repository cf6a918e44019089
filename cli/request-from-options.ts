import { resolve } from 'node:path';
import type { Limits, RunRequest, StoreSpec } from '../contracts/run.ts';
import { parseStoreText } from '../contracts/store-text.ts';
import { analyzerFromOptions, type AnalyzerOptions } from './analyzer-from-options.ts';
import { usageError } from './cli-error.ts';

/** Options of `runs start` that shape the request; limits are options of their own names. */
export interface RequestOptions extends Partial<Limits>, AnalyzerOptions {
  readonly prompt?: string;
  readonly name?: string;
  readonly tag?: readonly string[];
  readonly out?: string;
}

const LIMIT_NAMES = ['shardSize', 'shardsInFlight', 'assetsInFlight', 'insertBatch', 'leftoverAfterMs'] as const;

/** The request that the options say; paths become absolute, because the worker has its own working folder. */
export function requestFromOptions(
  source: RunRequest['source'],
  options: RequestOptions,
  workingDir: string,
): RunRequest {
  const { prompt, name, tag, out, analyzer, model, setting } = options;
  const isAnyOfAnalyzer = [analyzer, model, setting].some((option) => option !== undefined);
  const limits = Object.fromEntries(
    LIMIT_NAMES.flatMap((limit) => (options[limit] === undefined ? [] : [[limit, options[limit]]])),
  );
  return {
    source,
    ...(prompt === undefined ? {} : { prompt }),
    ...(isAnyOfAnalyzer ? { analyzer: analyzerFromOptions(options) } : {}),
    ...(out === undefined ? {} : { store: storeOf(out, workingDir) }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(name === undefined ? {} : { name }),
    ...(tag === undefined ? {} : { tags: tag }),
  };
}

function storeOf(text: string, workingDir: string): StoreSpec {
  const parsed = parseStoreText(text);
  if (!parsed.ok) throw usageError(parsed.failure.message);
  const store = parsed.value;
  return store.kind === 'parquet' ? { ...store, path: resolve(workingDir, store.path) } : store;
}
