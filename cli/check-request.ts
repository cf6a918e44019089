import { parseRequest } from '../activities/prepare/parse-request.ts';
import { resolveAnalysis } from '../activities/prepare/resolve-analysis.ts';
import { createAnalyzers, type Analyzers } from '../analyzers/index.ts';
import { imageLimitsOf } from '../config/image-limits.ts';
import { parseSettings } from '../config/parse-settings.ts';
import type { Settings } from '../config/settings.ts';
import { failed, type Result } from '../contracts/failures.ts';
import type { Prompt } from '../contracts/prompt.ts';
import type { RunRequest, StoreSpec } from '../contracts/run.ts';
import { parseStoreText } from '../contracts/store-text.ts';
import { openGoogle } from '../google/open-google.ts';
import { loadPrompt } from '../prompts/load-prompt.ts';
import { createSources } from '../sources/index.ts';
import { SourceError } from '../sources/ports.ts';
import { resolveSourceSpec } from '../sources/resolve-source-spec.ts';
import type { CliIo } from './cli-io.ts';
import { answeringKinds } from './answering-kinds.ts';
import { usageError } from './cli-error.ts';
import { checkSignedIn } from './gcloud/sign-in.ts';
import { refusedRequest } from './refused-request.ts';

/**
 * Looks at a request as the worker will, and at the start of its source: a slip of the keys is found before anything starts.
 * Throws a usage error.
 */
export async function checkRequest(request: RunRequest, io: CliIo): Promise<void> {
  const parsed = checked(parseRequest(request));
  const settings = parseSettings(io.env, io.workingDir);
  const analyzers = createAnalyzers();
  checkAnswerer(await loadPrompt(parsed.prompt, { userFolder: settings.promptsDir }), parsed.analyzer.kind, analyzers);
  const analysis = resolveAnalysis(
    {
      analyzer: (kind) => analyzers.find(kind),
      analyzerKinds: analyzers.kinds,
      loadPrompt: (name) => loadPrompt(name, { userFolder: settings.promptsDir }),
      imageLimits: imageLimitsOf(settings),
    },
    parsed.prompt,
    parsed.analyzer,
  );
  checked(await analysis);
  const source = await resolveSourceSpec(parsed.source, io.workingDir);
  // A source that cannot be read just now is the worker's to try again.
  if (!source.ok && source.failure.name !== 'InvalidRequest') return;
  const spec = checked(source);
  const google = openGoogle(settings);
  for (const place of [spec, parsed.store ?? homeOf(settings)]) await checkSignedIn(google, place, UNSTARTED);
  try {
    await createSources(google).find(spec.kind).settle(spec);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (error.failure === 'InvalidRequest') checked(failed(error.failure, error.message));
  }
}

/** Where rows of runs go that do not say. */
function homeOf({ store }: Settings): StoreSpec | undefined {
  return store === '' ? undefined : checked(parseStoreText(store));
}

/** Workers have the same analyzers: what these refuse, no worker takes either. */
function checkAnswerer(prompt: Result<Prompt>, kind: string, analyzers: Analyzers): void {
  const refusal = prompt.ok ? (analyzers.find(kind)?.refuses(prompt.value) ?? null) : null;
  if (!prompt.ok || refusal === null) return;
  const others = answeringKinds(analyzers, prompt.value).map((each) => `--analyzer ${each}`);
  throw usageError(
    `${refusal}.`,
    `Nothing was started. The prompt ${prompt.value.name} is answered with ${others.join(' or ')}.`,
  );
}

function checked<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw refusedRequest(result.failure, UNSTARTED);
}

const UNSTARTED = 'Nothing was started. If only the workers see it: --no-check.';
