import type { z } from 'zod';
import { failed, ok, type Result } from '../contracts/failures.ts';
import { didYouMean } from '../prompts/did-you-mean.ts';

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
    const [unknown = ''] = issue.keys;
    const known = Object.keys(schema.shape);
    const meant = didYouMean(unknown, known);
    const hint = meant === undefined ? `its settings are ${known.join(', ')}` : `did you mean ${meant}?`;
    return failed('InvalidRequest', `analyzer.settings.${unknown} is unknown to the analyzer ${kind}; ${hint}`);
  }
  const path = ['analyzer', 'settings', ...(issue?.path ?? [])].join('.');
  return failed('InvalidRequest', `${path}: ${issue?.message.replace(/^Invalid input: /, '') ?? 'is not valid'}`);
}
