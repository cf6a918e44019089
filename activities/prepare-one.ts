import type { AnalyzeOneInput, PreparedOne } from '../contracts/activities.ts';
import { DEFAULT_ANALYZER, DEFAULT_PROMPT } from '../contracts/run.ts';
import type { SpecStore } from './analysis-spec.ts';
import type { ActivityDeps } from './deps.ts';
import { resolveAnalysis } from './prepare/resolve-analysis.ts';
import { finalFailure, throwFailure, translated } from './to-failure.ts';

/** Freezes what one asset is asked outside any run, where the runs of this worker go. */
export function createPrepareOne(deps: ActivityDeps, specs: SpecStore) {
  return (input: AnalyzeOneInput | undefined): Promise<PreparedOne> =>
    translated(async () => {
      if (!Array.isArray(input?.images) || input.images.length === 0) {
        throw finalFailure('InvalidRequest', 'Field images: expected a list such as [{"uri":"/photos/a.jpg"}].');
      }
      const resolved = await resolveAnalysis(
        deps,
        input.prompt ?? DEFAULT_PROMPT,
        input.analyzer ?? { kind: DEFAULT_ANALYZER },
      );
      if (!resolved.ok) throwFailure(resolved.failure);
      const { homeSpec } = deps.stores;
      const { blobs } = await deps.stores.of(homeSpec);
      return {
        spec: await specs.freeze(blobs, resolved.value.spec),
        lane: resolved.value.analyzer.lane,
        ...(homeSpec.kind !== 'parquet' && { store: homeSpec }),
      };
    });
}
