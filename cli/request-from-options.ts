import { resolve } from 'node:path';
import { isAddress } from '../contracts/asset.ts';
import type { Limits, RunRequest } from '../contracts/run.ts';
import { usageError } from './cli-error.ts';

/** Options of `runs start` that shape the request; limits are options of their own names. */
export interface RequestOptions extends Partial<Limits> {
  readonly prompt?: string;
  readonly analyzer?: string;
  readonly model?: string;
  readonly setting?: readonly string[];
  readonly idColumn?: string;
  readonly imageColumn?: string;
  readonly name?: string;
  readonly tag?: readonly string[];
  readonly out?: string;
}

const LIMIT_NAMES = ['shardSize', 'shardsInFlight', 'assetsInFlight', 'insertBatch', 'leftoverAfterMs'] as const;

/** The request that the options say; paths become absolute, because the worker has its own working folder. */
export function requestFromOptions(source: string, options: RequestOptions, workingDir: string): RunRequest {
  const { prompt, name, tag, out } = options;
  const limits = Object.fromEntries(
    LIMIT_NAMES.flatMap((limit) => (options[limit] === undefined ? [] : [[limit, options[limit]]])),
  );
  return {
    source: sourceOf(source, options, workingDir),
    ...(prompt === undefined ? {} : { prompt }),
    ...analyzerOf(options),
    ...(out === undefined ? {} : { store: { kind: 'parquet' as const, path: resolve(workingDir, out) } }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(name === undefined ? {} : { name }),
    ...(tag === undefined ? {} : { tags: tag }),
  };
}

function sourceOf(source: string, { idColumn, imageColumn }: RequestOptions, workingDir: string): RunRequest['source'] {
  const path = isAddress(source) || source === '' ? source : resolve(workingDir, source);
  if (idColumn === undefined && imageColumn === undefined) return path;
  return {
    kind: 'csv',
    path,
    ...(idColumn === undefined ? {} : { idColumn }),
    ...(imageColumn === undefined ? {} : { imageColumn }),
  };
}

function analyzerOf({ analyzer, model, setting }: RequestOptions): Pick<RunRequest, 'analyzer'> {
  if (analyzer === undefined && model === undefined && setting === undefined) return {};
  return {
    analyzer: {
      kind: analyzer ?? 'offline',
      ...(model === undefined ? {} : { model }),
      ...(setting === undefined ? {} : { settings: Object.fromEntries(setting.map(parseSetting)) }),
    },
  };
}

/** `key=value`; the value is JSON where it is JSON, else text. */
function parseSetting(text: string): readonly [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw usageError(`--setting takes key=value, not ${JSON.stringify(text)}.`);
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}
