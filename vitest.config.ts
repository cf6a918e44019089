import { defineConfig } from 'vitest/config';

const SERVERLESS = ['contracts', 'config', 'workflows', 'activities', 'images', 'prompts', 'sources', 'analyzers', 'stores', 'workers', 'client', 'cli', 'scripts', 'deploy'];

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: SERVERLESS.map((folder) => `tests/${folder}/**/*.test.ts`), testTimeout: 20_000 } },
      { test: { name: 'workflow', include: ['tests/workflow/**/*.test.ts'] } },
      { test: { name: 'integration', include: ['tests/integration/**/*.test.ts'] } },
      { test: { name: 'replay', include: ['tests/replay/**/*.test.ts'] } },
      { test: { name: 'chaos', include: ['tests/chaos/**/*.test.ts'] } },
    ],
  },
});
