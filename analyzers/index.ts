import { createNoopAnalyzer } from './noop-analyzer.ts';
import { createOfflineAnalyzer } from './offline-analyzer.ts';
import type { Analyzer } from './ports.ts';

/** All analyzers, by kind. A new analyzer is one file and one line here. */
export interface Analyzers {
  readonly kinds: readonly string[];
  /** Undefined for an unknown kind. */
  find(kind: string): Analyzer | undefined;
}

export function createAnalyzers(): Analyzers {
  const analyzers = new Map(
    [createOfflineAnalyzer(), createNoopAnalyzer()].map((analyzer) => [analyzer.kind, analyzer]),
  );
  return { kinds: [...analyzers.keys()], find: (kind) => analyzers.get(kind) };
}
