import { resolve } from 'node:path';
import { saidIn, type Said } from './said-in.ts';
import { SETTINGS, type Setting, type Settings } from './settings.ts';

/** Thrown by `parseSettings`; the message lists every problem, one per line. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/**
 * Reads all settings from an environment (the only place that does). Paths become absolute against `workingDir`; problems are
 * reported all at once.
 */
export function parseSettings(env: Readonly<Record<string, string | undefined>>, workingDir: string): Settings {
  const problems: string[] = [];
  const values = Object.fromEntries(
    Object.entries<Setting>(SETTINGS).map(([name, setting]) => {
      const said = saidIn(env, setting);
      if (said === undefined) return [name, setting.default];
      const value = typeof setting.default === 'number' ? parseNumber(said.text) : said.text;
      const problem = checkValue(setting, value, said);
      if (problem) problems.push(problem);
      return [name, value];
    }),
  ) as unknown as Settings;
  if (problems.length > 0) throw new SettingsError(problems.join('\n'));
  return Object.freeze({
    ...values,
    dataDir: resolve(workingDir, values.dataDir),
    promptsDir: resolve(workingDir, values.promptsDir),
  });
}

function parseNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function checkValue(setting: Setting, value: string | number, { name, text }: Said): string | undefined {
  if (typeof value === 'string') {
    if (setting.form) {
      return setting.form.accepts(value)
        ? undefined
        : `${name} is ${setting.secret ? 'not right' : JSON.stringify(text)}; it has to be ${setting.form.name}.`;
    }
    if (!setting.values || setting.values.includes(value)) return undefined;
    return `${name} is ${JSON.stringify(text)}; it can be ${setting.values.join(', ')}.`;
  }
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = setting;
  if (value >= min && value <= max) return undefined;
  return `${name} is ${JSON.stringify(text)}; it has to be a whole number from ${min} to ${max}${setting.unit ? ` (${setting.unit})` : ''}.`;
}
