import { createGeminiAnalyzer, createVertexAiAnalyzer } from './gemini/gemini-analyzer.ts';
import { createNoopAnalyzer } from './noop-analyzer.ts';
import { createOfflineAnalyzer } from './offline-analyzer.ts';
import type { Analyzer, KeyAccess, VertexAccess } from './ports.ts';

/** All analyzers, by kind. A new analyzer is one file and one line here. */
export interface Analyzers {
  readonly kinds: readonly string[];
  /** Undefined for an unknown kind. */
  find(kind: string): Analyzer | undefined;
}

/** How services are reached; without it their analyzers check requests, but answer none. */
export interface ServiceAccess {
  readonly gemini?: VertexAccess | KeyAccess | undefined;
  readonly vertexai?: VertexAccess | undefined;
}

export function createAnalyzers(access: ServiceAccess = {}): Analyzers {
  const all = [
    createOfflineAnalyzer(),
    createGeminiAnalyzer(access.gemini),
    createVertexAiAnalyzer(access.vertexai),
    createNoopAnalyzer(),
  ];
  const analyzers = new Map(all.map((analyzer) => [analyzer.kind, analyzer]));
  return { kinds: [...analyzers.keys()], find: (kind) => analyzers.get(kind) };
}
