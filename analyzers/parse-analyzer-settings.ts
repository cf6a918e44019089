import type { z } from 'zod';
import { failed, ok, type Result } from '../contracts/failures.ts';

/** Checks settings against a strict schema and fills in its defaults; `InvalidRequest` names the first wrong setting. */
export function parseAnalyzerSettings<T extends Readonly<Record<string, unknown>>>(
  kind: string,
  schema: z.ZodObject & z.ZodType<T>,
  settings: unknown,
): Result<T> {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape);
    const hint = known.length === 0 ? 'it has no settings' : `its settings are ${known.join(', ')}`;
    return failed(
      'InvalidRequest',
      `analyzer.settings.${issue.keys[0] ?? ''} is unknown to the analyzer ${kind}; ${hint}`,
    );
  }
  const path = ['analyzer', 'settings', ...(issue?.path ?? [])].join('.');
  return failed('InvalidRequest', `${path}: ${issue?.message.replace(/^Invalid input: /, '') ?? 'is not valid'}`);
}
