import type { Analyzer } from '../../analyzers/ports.ts';
import { failed, ok, type Result } from '../../contracts/failures.ts';
import type { AnalyzerRequest } from '../../contracts/run.ts';
import type { AnalysisSpec } from '../analysis-spec.ts';
import type { ActivityDeps } from '../deps.ts';
import { isModelName } from './is-model-name.ts';

export interface ResolvedAnalysis {
  readonly spec: AnalysisSpec;
  readonly analyzer: Analyzer;
}

/** Finds prompt and analyzer and checks that they fit; every problem is `InvalidRequest`. */
export async function resolveAnalysis(
  deps: Pick<ActivityDeps, 'analyzer' | 'analyzerKinds' | 'loadPrompt' | 'imageLimits'>,
  promptName: string,
  request: AnalyzerRequest,
): Promise<Result<ResolvedAnalysis>> {
  const analyzer = deps.analyzer(request.kind);
  if (!analyzer) {
    const known = deps.analyzerKinds.join(', ');
    return failed('InvalidRequest', `There is no analyzer ${JSON.stringify(request.kind)}; there are: ${known}.`);
  }
  if (request.model !== undefined && request.model !== analyzer.defaultModel && !analyzer.takesModel) {
    return failed(
      'InvalidRequest',
      `The analyzer ${request.kind} has no model ${JSON.stringify(request.model)}; leave the model out.`,
    );
  }
  if (request.model !== undefined && !isModelName(request.model)) {
    return failed(
      'InvalidRequest',
      `analyzer.model: ${JSON.stringify(request.model)} cannot be the name of a model; name one such as gemini-3.5-flash: at most 200 letters, digits and . - _ / @ : with no ".."`,
    );
  }
  const prompt = await deps.loadPrompt(promptName);
  if (!prompt.ok) return prompt;
  const refusal = analyzer.refuses(prompt.value);
  if (refusal !== null) return failed('InvalidRequest', refusal);
  const settings = analyzer.parseSettings(request.settings ?? {});
  if (!settings.ok) return settings;
  return ok({
    analyzer,
    spec: {
      prompt: prompt.value,
      analyzer: analyzer.kind,
      model: request.model ?? analyzer.defaultModel,
      settings: settings.value,
      imageLimits: deps.imageLimits,
    },
  });
}
