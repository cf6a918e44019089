import { z } from 'zod';
import { failed, ok, type Result } from '../../contracts/failures.ts';
import { LIMITS, type LimitRule } from '../../contracts/limits.ts';
import type { AnalyzerRequest, Limits, RunRequest, SourceSpec, StoreSpec } from '../../contracts/run.ts';

/** A request with every optional field defaulted; the source may still be a bare path. */
export interface ParsedRequest {
  readonly source: string | SourceSpec;
  readonly prompt: string;
  readonly analyzer: AnalyzerRequest;
  readonly store: StoreSpec | undefined;
  readonly limits: Limits;
  readonly name: string | undefined;
  readonly tags: readonly string[];
}

const path = z.string().min(1, 'must not be empty').max(4_000);
const label = z.string().min(1).max(200);

const sourceSchema = z.union([
  path,
  z.strictObject({ kind: z.literal('folder'), path }),
  z.strictObject({ kind: z.literal('csv'), path, idColumn: label.optional(), imageColumn: label.optional() }),
]);

const limitsSchema = z.strictObject(
  Object.fromEntries(
    Object.entries<LimitRule>(LIMITS).map(([name, rule]) => [
      name,
      z.int().min(rule.min).max(rule.max).default(rule.default),
    ]),
  ) as Record<keyof Limits, z.ZodDefault<z.ZodInt>>,
);

const requestSchema = z.strictObject({
  source: sourceSchema,
  prompt: label.default('photo-quality'),
  analyzer: z
    .strictObject({ kind: label, model: label.optional(), settings: z.record(z.string(), z.unknown()).optional() })
    .default({ kind: 'offline' }),
  store: z.strictObject({ kind: z.literal('parquet'), path }).optional(),
  limits: limitsSchema.prefault({}),
  name: label.optional(),
  tags: z.array(label).max(50).default([]),
});

/** Checks whatever a person typed as the input of a run; a problem is `InvalidRequest` and names the field. */
export function parseRequest(raw: RunRequest | undefined): Result<ParsedRequest> {
  if (raw === undefined || raw === null || typeof raw !== 'object' || Array.isArray(raw)) {
    return failed(
      'InvalidRequest',
      `The input of a run is one JSON object such as {"source":"photos"}, not ${describe(raw)}.`,
    );
  }
  const parsed = requestSchema.safeParse(raw);
  if (!parsed.success) return failed('InvalidRequest', parsed.error.issues.slice(0, 5).map(sentence).join(' '));
  return ok(parsed.data as ParsedRequest);
}

function sentence(issue: z.core.$ZodIssue): string {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const where = field === '' ? 'of a run' : `under ${field}`;
    return `Unknown field ${issue.keys.map((key) => JSON.stringify(key)).join(', ')} ${where}.`;
  }
  if (issue.code === 'invalid_union') return sourceSentence(field);
  if (field === 'source' && issue.code === 'invalid_type') return sourceSentence(field);
  return `Field ${field}: ${issue.message.replace(/^Invalid input: /, '')}.`;
}

function sourceSentence(field: string): string {
  return `Field ${field}: expected the path of a folder of images or of a CSV file, or an object with kind and path.`;
}

function describe(raw: unknown): string {
  if (raw === undefined) return 'nothing';
  return Array.isArray(raw) ? 'a list' : raw === null ? 'null' : `a ${typeof raw}`;
}
