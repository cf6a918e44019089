import type { Location } from '../contracts/asset.ts';
import type { FindingValue } from '../contracts/outcome.ts';
import type { PromptField } from '../contracts/prompt.ts';
import type { Segment } from '../contracts/shard.ts';
import { StoreMismatchError } from './ports.ts';
import type { ResultRow, RowContext } from './ports.ts';
import { rowKey, segmentName } from './run-place.ts';

/** One row as a line of JSON, its keys the columns of the results; throws `StoreMismatchError` that names what does not fit. */
export function toRowLine(context: RowContext, segment: Segment, row: ResultRow): string {
  const { asset, outcome } = row;
  if (asset.row !== outcome.row || asset.assetId !== outcome.assetId) {
    throw new StoreMismatchError(
      `The outcome of row ${outcome.row} (${outcome.assetId}) was given with the asset of row ${asset.row} (${asset.assetId}).`,
    );
  }
  const check = checksFor(asset.row);
  const observed = outcome.observed ?? {};
  return wellFormedLine({
    run_id: context.runId,
    row_key: rowKey(context.runId, asset.assetId),
    row_number: check.count('row_number', asset.row),
    asset_id: check.text('asset_id', asset.assetId),
    outcome: outcome.kind,
    location: asset.location ? check.location('location', asset.location) : lenient(observed.location, check.location),
    observation_ids: asset.images.map((image) => image.observationId ?? null),
    image_uris: asset.images.map((image) => check.text('image_uris', image.uri)),
    image_digests: observed.imageDigests ?? null,
    detection_time:
      asset.detectionTime === undefined
        ? lenient(observed.capturedAt, check.time)
        : check.time('detection_time', asset.detectionTime),
    attributes: JSON.stringify(asset.attributes),
    ...findingColumns(context.fields, row),
    failure: outcome.failure?.name ?? null,
    failure_message: outcome.failure?.message ?? null,
    analyzer: context.analyzer,
    model: check.text('model', outcome.model),
    model_version: check.text('model_version', outcome.modelVersion),
    prompt: context.prompt,
    prompt_digest: context.promptDigest,
    settings: context.settings,
    input_tokens: check.count('input_tokens', outcome.usage.inputTokens),
    output_tokens: check.count('output_tokens', outcome.usage.outputTokens),
    thinking_tokens: check.count('thinking_tokens', outcome.usage.thinkingTokens),
    cached_tokens: check.count('cached_tokens', outcome.usage.cachedTokens),
    cost_usd: outcome.costUsd === null ? null : check.number('cost_usd', outcome.costUsd),
    attempts: check.count('attempts', outcome.attempts),
    reused: outcome.reused,
    latency_ms: check.count('latency_ms', Math.round(outcome.latencyMs)),
    analyzed_at: check.time('analyzed_at', outcome.analyzedAt),
    shard: segment.shard,
    segment: segmentName(segment),
  });
}

function findingColumns(fields: readonly PromptField[], { outcome }: ResultRow): Record<string, FindingValue> {
  const columns: Record<string, FindingValue> = {};
  const findings = outcome.kind === 'succeeded' ? (outcome.findings ?? {}) : {};
  if (outcome.kind === 'succeeded' && outcome.findings === undefined) {
    throw new StoreMismatchError(`Row ${outcome.row} succeeded but comes without its findings.`);
  }
  for (const field of fields) {
    const value = findings[field.name] ?? null;
    if (value === null ? field.required && outcome.kind === 'succeeded' : !fits(field, value)) {
      throw wrong(field.name, outcome.row, value, field.type);
    }
    columns[field.name] = value;
  }
  const unknown = Object.keys(findings).find((name) => !Object.hasOwn(columns, name));
  if (unknown !== undefined) {
    throw new StoreMismatchError(`Row ${outcome.row} has a finding "${unknown}", which is no field of the prompt.`);
  }
  return columns;
}

function fits(field: PromptField, value: FindingValue): boolean {
  switch (field.type) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'one-of':
      return typeof value === 'string' && (field.values ?? []).includes(value);
    case 'strings':
      return Array.isArray(value) && value.every((text) => typeof text === 'string');
  }
}

function checksFor(row: number) {
  return {
    text(column: string, value: unknown): string {
      if (typeof value !== 'string') throw wrong(column, row, value, 'text');
      return value;
    },
    count(column: string, value: unknown): number {
      if (!Number.isSafeInteger(value) || Number(value) < 0) throw wrong(column, row, value, 'a whole number');
      return Number(value);
    },
    number(column: string, value: unknown): number {
      if (!Number.isFinite(value)) throw wrong(column, row, value, 'a number');
      return Number(value);
    },
    location(column: string, { latitude, longitude }: Location): Location {
      if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) {
        throw wrong(column, row, { latitude, longitude }, 'two numbers');
      }
      return { latitude, longitude };
    },
    time(column: string, value: unknown): string {
      const time = typeof value === 'string' ? toTimestamp(value) : undefined;
      if (time === undefined) throw wrong(column, row, value, 'an ISO 8601 time');
      return time;
    },
  };
}

/** What a picture says about itself is often nonsense: that leaves the column empty, it does not end the run. */
function lenient<T, V>(value: T | undefined, check: (column: string, value: T) => V): V | null {
  try {
    return value === undefined ? null : check('', value);
  } catch {
    return null;
  }
}

/** UTC without a zone, as DuckDB reads it. A time without a zone is taken as UTC, never as the zone of this machine. */
function toTimestamp(text: string): string | undefined {
  const zoned = /^\d{4}-\d{2}-\d{2}T[\d:.,]+$/.test(text) ? `${text}Z` : text;
  const date = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(zoned) : undefined;
  if (date === undefined || Number.isNaN(date.getTime())) return undefined;
  // A zone can carry a time out of the years that have four digits, which is all that the store reads.
  if (!/^\d{4}-/.test(date.toISOString())) return undefined;
  return date.toISOString().replace('T', ' ').replace('Z', '');
}

/** JSON without halves of characters, which DuckDB's reader rejects. */
function wellFormedLine(value: Readonly<Record<string, unknown>>): string {
  const line = JSON.stringify(value);
  if (!/\\ud[89a-f]/.test(line)) return line;
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part));
}

function wrong(column: string, row: number, value: unknown, wanted: string): StoreMismatchError {
  const shown = (JSON.stringify(value) ?? String(value)).slice(0, 100);
  return new StoreMismatchError(`Column ${column} of row ${row} takes ${wanted}, not ${shown}.`);
}
