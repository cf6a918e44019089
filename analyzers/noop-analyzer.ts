import { hash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { failed, failureRule, ok, type FailureName } from '../contracts/failures.ts';
import { NO_USAGE, type Findings, type FindingValue } from '../contracts/outcome.ts';
import type { PromptField } from '../contracts/prompt.ts';
import { noopSettingsSchema, type NoopSettings } from './noop-settings.ts';
import { parseAnalyzerSettings } from './parse-analyzer-settings.ts';
import type { Analyzer, AnalyzerInput, AnalyzerResult } from './ports.ts';

/** Answers any prompt with fixed findings that satisfy its fields; for tests, benchmarks and trying out failures. */
export function createNoopAnalyzer(): Analyzer {
  return {
    kind: 'noop',
    defaultModel: 'noop',
    takesModel: false,
    lane: 'noop',
    refuses: () => null,
    parseSettings: (settings) => parseAnalyzerSettings('noop', noopSettingsSchema, settings),
    analyze,
  };
}

async function analyze(input: AnalyzerInput): Promise<AnalyzerResult> {
  const settings = settingsOf(input.settings);
  input.signal.throwIfAborted();
  logCall(settings.callLog, input);
  if (settings.delayMs > 0) await wait(settings.delayMs, input.signal);
  const result = await answer(input, settings);
  input.signal.throwIfAborted();
  logCall(settings.endLog, input);
  return result;
}

/** The settings of a run are one object for all its calls: they need to be checked once. */
const checkedSettings = new WeakMap<AnalyzerInput['settings'], NoopSettings>();

function settingsOf(settings: AnalyzerInput['settings']): NoopSettings {
  const known = checkedSettings.get(settings);
  if (known) return known;
  const checked = noopSettingsSchema.parse(settings);
  checkedSettings.set(settings, checked);
  return checked;
}

/** One line by one append, so that lines of many processes never mix and a killed one leaves none or a whole one. */
function logCall(path: string | undefined, { assetId, attempt }: AnalyzerInput): void {
  if (path !== undefined) appendFileSync(path, `${assetId.replace(/\s/g, '_')} ${attempt} ${Date.now()}\n`);
}

function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, delayMs);
    function stop(): void {
      clearTimeout(timer);
      reject(signal.reason);
    }
    signal.addEventListener('abort', stop, { once: true });
  });
}

async function answer(input: AnalyzerInput, settings: NoopSettings): Promise<AnalyzerResult> {
  if (settings.loadImages) {
    for (const image of input.images) {
      const loaded = await input.load(image);
      if (!loaded.ok) return loaded;
    }
  }
  if (
    isChosen(input.assetId, settings.failureShare) &&
    (settings.failFirst === 0 || input.attempt <= settings.failFirst)
  ) {
    return fail(settings.failure, input, settings);
  }
  const findings = Object.fromEntries(input.prompt.fields.map((field) => [field.name, fixedValue(field)]));
  return ok({
    visible: true,
    findings: settings.answerBytes > 0 ? pad(findings, input.prompt.fields, settings.answerBytes) : findings,
    usage: NO_USAGE,
    costUsd: 0,
    modelVersion: 'noop-1',
  });
}

/** The same assets in every run and every process. */
function isChosen(assetId: string, share: number): boolean {
  return share > 0 && Number.parseInt(hash('sha256', assetId, 'hex').slice(0, 8), 16) / 0x1_0000_0000 < share;
}

function fail(name: FailureName, { assetId, attempt }: AnalyzerInput, settings: NoopSettings): AnalyzerResult {
  if (name === 'WorkerBug') throw new Error(`The noop analyzer was told to break on ${assetId}`);
  const failure = failed(name, `The noop analyzer was told to fail on ${assetId} (call ${attempt})`);
  const isRetried = typeof failureRule(name).retry === 'object';
  if (!isRetried) return failure;
  return {
    ...failure,
    retry: { unpaid: settings.unpaid, ...(settings.waitMs !== undefined && { waitMs: settings.waitMs }) },
  };
}

function fixedValue(field: PromptField): FindingValue {
  switch (field.type) {
    case 'string':
      return 'noop'.slice(0, field.maxLength);
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return field.min ?? Math.min(0, field.max ?? 0);
    case 'one-of':
      return field.values?.[0] ?? null;
    case 'strings':
      return [];
  }
}

function pad(findings: Findings, fields: readonly PromptField[], length: number): Findings {
  const field = fields.find(({ type }) => type === 'string') ?? fields.find(({ type }) => type === 'strings');
  if (!field) return findings;
  const text = 'x'.repeat(Math.min(length, field.maxLength ?? length));
  return { ...findings, [field.name]: field.type === 'string' ? text : [text] };
}
