import type { AnalyzerRequest } from '../contracts/run.ts';
import { usageError } from './cli-error.ts';

/** Options that say who answers, and how. */
export interface AnalyzerOptions {
  readonly analyzer?: string;
  readonly model?: string;
  /** Each `key=value`. */
  readonly setting?: readonly string[];
}

/** The analyzer that the options ask for. */
export function analyzerFromOptions({ analyzer = 'offline', model, setting }: AnalyzerOptions): AnalyzerRequest {
  return {
    kind: analyzer,
    ...(model === undefined ? {} : { model }),
    ...(setting === undefined ? {} : { settings: Object.fromEntries(setting.map(parseSetting)) }),
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
