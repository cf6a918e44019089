import type { Setting } from './settings.ts';

/** What an environment says about a setting, and under which name; undefined: nothing. */
export interface Said {
  readonly name: string;
  readonly text: string;
}

export function saidIn(
  env: Readonly<Record<string, string | undefined>>,
  { env: own, also }: Setting,
): Said | undefined {
  const text = env[own]?.trim();
  if (text) return { name: own, text };
  const other = also === undefined ? undefined : env[also]?.trim();
  if (also === undefined || !other) return undefined;
  return { name: also, text: other.includes('://') ? other : `http://${other}` };
}
