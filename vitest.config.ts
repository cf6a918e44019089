import { defineConfig } from 'vitest/config';

const SERVERLESS = [
  'contracts',
  'config',
  'workflows',
  'activities',
  'images',
  'prompts',
  'sources',
  'analyzers',
  'stores',
  'workers',
  'client',
  'cli',
  'scripts',
  'deploy',
];

/** Projects that talk to a real Temporal server: one file after the other, on two cores. */
const SERVED = { testTimeout: 120_000, hookTimeout: 120_000, pool: 'forks', fileParallelism: false } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: SERVERLESS.map((folder) => `tests/${folder}/**/*.test.ts`),
          testTimeout: 20_000,
        },
      },
      { test: { name: 'workflow', include: ['tests/workflow/**/*.test.ts'], ...SERVED } },
      { test: { name: 'integration', include: ['tests/integration/**/*.test.ts'], ...SERVED } },
      { test: { name: 'replay', include: ['tests/replay/**/*.test.ts'], testTimeout: 60_000, pool: 'forks' } },
      { test: { name: 'chaos', include: ['tests/chaos/**/*.test.ts'], ...SERVED } },
    ],
  },
});
