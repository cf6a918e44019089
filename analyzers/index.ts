import { createGeminiAnalyzer, createVertexAiAnalyzer } from './gemini/gemini-analyzer.ts';
import { createNoopAnalyzer } from './noop-analyzer.ts';
import { createOfflineAnalyzer } from './offline-analyzer.ts';
import type { Analyzer, ModelAccess } from './ports.ts';

/** All analyzers, by kind. A new analyzer is one file and one line here. */
export interface Analyzers {
  readonly kinds: readonly string[];
  /** Undefined for an unknown kind. */
  find(kind: string): Analyzer | undefined;
}

/** Without access the analyzers of services check requests, but answer none. */
export function createAnalyzers(access: Partial<ModelAccess> = {}): Analyzers {
  const all = [
    createOfflineAnalyzer(),
    createGeminiAnalyzer(access.gemini),
    createVertexAiAnalyzer(access.vertexai),
    createNoopAnalyzer(),
  ];
  const analyzers = new Map(all.map((analyzer) => [analyzer.kind, analyzer]));
  return { kinds: [...analyzers.keys()], find: (kind) => analyzers.get(kind) };
}
