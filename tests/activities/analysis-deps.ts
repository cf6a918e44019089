import { createAnalyzers } from '../../analyzers/index.ts';
import { DEFAULT_IMAGE_LIMITS } from '../../config/image-limits.ts';
import { loadPrompt } from '../../prompts/load-prompt.ts';

const analyzers = createAnalyzers();

/** What an analysis is resolved with: every analyzer, the built-in prompts, the ordinary limits. */
export const analysisDeps = {
  analyzer: (kind: string) => analyzers.find(kind),
  analyzerKinds: analyzers.kinds,
  loadPrompt: (name: string) => loadPrompt(name),
  imageLimits: DEFAULT_IMAGE_LIMITS,
};
