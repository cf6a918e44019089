import { z } from 'zod';
import { failed, ok, type Result } from '../../contracts/failures.ts';
import { LIMITS, type LimitRule } from '../../contracts/limits.ts';
import { DEFAULT_ANALYZER, DEFAULT_PROMPT, STORE_MODES } from '../../contracts/run.ts';
import type { AnalyzerRequest, Limits, RunRequest, StoreSpec } from '../../contracts/run.ts';
import { checkStore, parseStoreText } from '../../contracts/store-text.ts';
import { COLUMN_ROLES, type SourceSpec } from '../../contracts/source.ts';
import { didYouMean } from '../../prompts/did-you-mean.ts';
import { sourceSchema } from './source-schema.ts';

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

const storeSchema = z.union([
  z.string().transform((text, context) => {
    const parsed = parseStoreText(text);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: parsed.failure.message });
    return z.NEVER;
  }),
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('parquet'), path }),
    z
      .strictObject({
        kind: z.literal('bigquery'),
        project: label,
        dataset: label,
        mode: z.enum(STORE_MODES).optional(),
        bucket: label.optional(),
      })
      .superRefine((store, context) => {
        const checked = checkStore(store as StoreSpec);
        if (!checked.ok) context.addIssue({ code: 'custom', message: checked.failure.message });
      }),
  ]),
]);

/** The library leaves this key out of what it gives back, and says nothing. */
const settings = z
  .unknown()
  .refine((raw) => !Object.hasOwn(Object(raw) as object, '__proto__'), 'there is no setting "__proto__"; leave it out')
  .pipe(z.record(z.string(), z.unknown()));

const analyzerSchema = z.strictObject(
  { kind: label, model: label.optional(), settings: settings.optional() },
  'expected the name of an analyzer, or an object with kind, model and settings',
);

const limitsSchema = z.strictObject(
  Object.fromEntries(
    Object.entries<LimitRule>(LIMITS).map(([name, rule]) => {
      const message = `expected a whole number from ${rule.min} to ${rule.max} (${rule.unit})`;
      return [name, z.int(message).min(rule.min, message).max(rule.max, message).default(rule.default)];
    }),
  ) as Record<keyof Limits, z.ZodDefault<z.ZodInt>>,
);

const requestSchema = z.strictObject({
  source: sourceSchema,
  prompt: label.default(DEFAULT_PROMPT),
  analyzer: z
    .preprocess((raw) => (typeof raw === 'string' ? { kind: raw } : raw), analyzerSchema)
    .default({
      kind: DEFAULT_ANALYZER,
    }),
  store: storeSchema.optional(),
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
    const known = KNOWN_FIELDS[field] ?? [];
    const meant = didYouMean(issue.keys[0] ?? '', known);
    const hint = meant ? `; did you mean "${meant}"?` : known.length > 0 ? `; there are ${known.join(', ')}.` : '.';
    return `Unknown field ${issue.keys.map((key) => JSON.stringify(key)).join(', ')} ${where}${hint}`;
  }
  if (issue.code === 'invalid_union') {
    // The branch that took the thing for what it is, and looked inside.
    const all = issue.errors.flat();
    const inside = all.find(({ code }) => code === 'custom') ?? all.find(({ path: at }) => at.length > 0);
    if (inside) return sentence({ ...inside, path: [...issue.path, ...inside.path] });
    if (field === 'source') return SOURCE_SENTENCE;
  }
  return `Field ${field}: ${issue.message.replace(/^Invalid input: /, '')}.`;
}

/** By where they stand. */
const KNOWN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(requestSchema.shape),
  limits: Object.keys(LIMITS),
  'source.map': COLUMN_ROLES,
};

const SOURCE_SENTENCE =
  'Field source: expected the path of a folder of images or of a table of them, or an object with kind and path.';

function describe(raw: unknown): string {
  if (raw === undefined) return 'nothing';
  return Array.isArray(raw) ? 'a list' : raw === null ? 'null' : `a ${typeof raw}`;
}
