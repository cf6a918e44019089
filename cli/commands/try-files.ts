import { basename, resolve } from 'node:path';
import { imageLimitsOf } from '../../config/image-limits.ts';
import { modelAccessOf } from '../../config/model-access.ts';
import { isAddress, type AssetRef } from '../../contracts/asset.ts';
import { failureRule, ok, type Failure } from '../../contracts/failures.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import { DEFAULT_ANALYZER, DEFAULT_PROMPT } from '../../contracts/run.ts';
import type { BlobStore } from '../../stores/ports.ts';
import { analyzerFromOptions, type AnalyzerOptions } from '../analyzer-from-options.ts';
import { checkFiles } from '../check-files.ts';
import { usageError } from '../cli-error.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { settingsOf } from '../open-worker.ts';
import { answererText } from '../output/answerer-text.ts';
import { formatDuration } from '../output/duration.ts';
import { costPhrase, countOf } from '../output/numbers.ts';
import { rowText } from '../output/row-text.ts';
import { repeated } from '../parse-option.ts';

interface TryOptions extends AnalyzerOptions {
  readonly prompt: string;
  readonly analyzer: string;
}

export const tryFiles = defineCommand<TryOptions>({
  usage: 'try <files...>',
  summary: 'Look at one asset now; several files or addresses are its images; needs no server',
  examples: [
    'try photo.jpg',
    'try front.jpg left.jpg --prompt description --json',
    'try https://example.com/photo.jpg',
    'try gs://pictures/front.jpg gs://pictures/left.jpg',
  ],
  options: (command) =>
    command
      .option('--prompt <name>', 'what to ask', DEFAULT_PROMPT)
      .option('--analyzer <kind>', 'who answers', DEFAULT_ANALYZER)
      .option('--model <name>', 'model of the analyzer')
      .option('--setting <key=value>', 'setting of the analyzer; repeatable', repeated),
  async run(context, options, files) {
    await checkFiles(context, files);
    const result = await analyze(context, options, files);
    const { answer, failure } = result;
    if (failure) {
      if (context.globals.json === true) context.printJson({ ...answer, failure });
      const { sentence, hint } = failureRule(failure.name);
      context.say(`${failure.name}: ${sentence}\n${failure.message}\n${hint}`);
      return EXIT_CODES.someFailed.code;
    }
    print(context, answer);
    const { prompt, analyzer } = options;
    const choice = analyzer === DEFAULT_ANALYZER ? '' : ` --analyzer ${analyzer}`;
    context.next(`runs start <folder> --prompt ${prompt}${choice} --wait`);
    return EXIT_CODES.ok.code satisfies ExitCode;
  },
});

/** What `--json` shows. */
interface TryAnswer {
  readonly assetId: string;
  readonly images: readonly string[];
  readonly prompt: string;
  readonly analyzer: string;
  readonly outcome: string;
  readonly findings?: Outcome['findings'];
  readonly model?: string;
  readonly usage?: Outcome['usage'];
  readonly costUsd?: number | null;
  readonly latencyMs?: number;
  readonly observed?: Outcome['observed'];
}

async function analyze(
  context: CliContext,
  options: TryOptions,
  files: readonly string[],
): Promise<{ readonly answer: TryAnswer; readonly failure?: Failure }> {
  const { analyzeWith } = await import('../../activities/analyze-with.ts');
  const { resolveAnalysis } = await import('../../activities/prepare/resolve-analysis.ts');
  const { createAnalyzers } = await import('../../analyzers/index.ts');
  const { openGoogle } = await import('../../google/open-google.ts');
  const { loadPrompt } = await import('../../prompts/load-prompt.ts');
  const { openImageDesks } = await import('../../workers/open-image-desks.ts');
  const settings = settingsOf(context);
  await using images = openImageDesks(settings, openGoogle(settings));
  const analyzers = createAnalyzers(modelAccessOf(settings));
  const deps = {
    analyzer: (kind: string) => analyzers.find(kind),
    analyzerKinds: analyzers.kinds,
    images,
    loadPrompt: (name: string) => loadPrompt(name, { userFolder: settings.promptsDir }),
    imageLimits: imageLimitsOf(settings),
  };
  const { prompt, analyzer: kind } = options;
  const resolved = await resolveAnalysis(deps, prompt, analyzerFromOptions(options));
  if (!resolved.ok) throw usageError(resolved.failure.message);
  const { spec } = resolved.value;
  const asset = assetOf(files, context.io.workingDir);
  const blobs = createMemoryBlobs();
  const input = { runId: 'try', shard: 0, spec: '', asset, priorAttempts: 0 };
  const signal = new AbortController().signal;
  const result = await analyzeWith({ deps, blobs, spec, input, attempts: 1, signal });
  const uris = asset.images.map(({ uri }) => uri);
  const about = { assetId: asset.assetId, images: uris, prompt, analyzer: kind };
  if (!result.ok) return { answer: { ...about, outcome: 'failed' }, failure: result.failure };
  const { outcome } = result;
  const { findingsRef, usage, costUsd, latencyMs, observed } = outcome;
  const found = findingsRef === undefined ? outcome.findings : await blobs.get(findingsRef);
  const answer: TryAnswer = {
    ...about,
    outcome: outcome.kind,
    model: outcome.model,
    usage,
    costUsd,
    latencyMs,
    ...(found === undefined ? {} : { findings: found as NonNullable<Outcome['findings']> }),
    ...(observed ? { observed } : {}),
  };
  return outcome.failure ? { answer, failure: outcome.failure } : { answer };
}

function assetOf(files: readonly string[], workingDir: string): AssetRef {
  const [first = ''] = files;
  return {
    row: -1,
    assetId: basename(/^https?:/i.test(first) && URL.canParse(first) ? new URL(first).pathname : first) || first,
    images: files.map((file) => ({ uri: isAddress(file) ? file : resolve(workingDir, file) })),
    attributes: {},
  };
}

/** A large answer goes through here on its way to the screen. */
function createMemoryBlobs(): BlobStore {
  const kept = new Map<string, unknown>();
  return {
    async put(value) {
      const name = String(kept.size);
      kept.set(name, value);
      return ok(name);
    },
    get: async (ref) => kept.get(ref),
  };
}

function print(context: CliContext, answer: TryAnswer): void {
  if (context.globals.json === true) return context.printJson(answer);
  if (context.globals.quiet === true) return context.print(answer.outcome);
  if (answer.outcome === 'not_visible') context.print('not visible');
  context.print(rowText(answer.findings ?? {}));
  const cost = costPhrase({ spentUsd: answer.costUsd ?? 0, unknown: answer.costUsd === null ? 1 : 0 });
  const { analyzer, model = analyzer } = answer;
  const who =
    analyzer === DEFAULT_ANALYZER ? 'measured offline, without a model' : answererText({ kind: analyzer, model });
  context.say(`${countOf(answer.images.length, 'image')}, ${formatDuration(answer.latencyMs ?? 0)}, ${cost} (${who})`);
}
