import { defineConfig } from 'vitest/config';

/** Folders whose tests need no Temporal server. */
const SERVERLESS = [
  'contracts',
  'config',
  'workflows',
  'activities',
  'images',
  'prompts',
  'filters',
  'sources',
  'analyzers',
  'stores',
  'workers',
  'client',
  'cli',
  'scripts',
  'deploy',
  'benchmarks',
  'processes',
  'google',
  'fake-google',
];

/** Kills, processes, random orders and random files: no server, but too slow for every check. */
const DURABILITY = [
  'stores/kill-at-every-step',
  'stores/exactly-once.property',
  'stores/concurrent-processes',
  'stores/freeze-csv',
  'sources/csv-readers.property',
].map((name) => `tests/${name}.test.ts`);

/** Real clients of Google's against the servers that stand in for Google Cloud. */
const GOOGLE = [
  'fake-google/start-bigquery',
  'fake-google/start-storage',
  'fake-google/storage-write',
  'fake-google/gemini-clients',
  'fake-google/fault-proxy',
  'fake-google/street-assets',
  'analyzers/gemini/gemini-analyzer',
  'analyzers/gemini/no-answer',
  'analyzers/gemini/vertexai-analyzer',
  'google/dataset-as-home',
  'google/dev-fake-google',
  'google/gemini-run',
  'google/dropped-meanwhile',
  'google/refused-while-loading',
  'google/tear-down-beside-runs',
  'google/killed-while-streaming',
  'google/rows-into-bigquery',
  'google/set-up-google',
  'google/smoke-google',
  'google/rows-loaded-into-bigquery',
  'google/whole-path',
  'images/read-object.google',
  'sources/bucket-folder.google',
  'stores/bigquery/on-server/*',
  'sources/bigquery-source.google',
  'sources/street-facts.google',
  'google/bigquery-run',
  'google/bigquery-freeze',
  'google/bad-input',
].map((name) => `tests/${name}.test.ts`);

const MINUTE_MS = 60_000;

export default defineConfig({
  test: {
    tags: [
      {
        name: 'our-idea-of-bigquery',
        description: 'What is answered comes from our fault proxy, or from what we read of repeated jobs and commits.',
      },
    ],
    projects: [
      {
        test: {
          name: 'unit',
          include: SERVERLESS.map((folder) => `tests/${folder}/**/*.test.ts`),
          exclude: [...DURABILITY, ...GOOGLE],
          testTimeout: MINUTE_MS / 2,
          hookTimeout: MINUTE_MS / 2,
        },
      },
      {
        test: {
          name: 'durability',
          include: DURABILITY,
          testTimeout: MINUTE_MS,
          hookTimeout: MINUTE_MS,
        },
      },
      {
        test: {
          name: 'workflow',
          include: ['tests/workflow/**/*.test.ts'],
          testTimeout: 2 * MINUTE_MS,
          hookTimeout: MINUTE_MS,
        },
      },
      {
        test: {
          // The same with the workflow cache off: every task replays its whole history.
          name: 'cache-off',
          include: ['tests/workflow/{run,pause,cancel}.test.ts'],
          env: { SIGHTLINE_TEST_CACHE: 'off' },
          testTimeout: 3 * MINUTE_MS,
          hookTimeout: MINUTE_MS,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          testTimeout: 3 * MINUTE_MS,
          hookTimeout: MINUTE_MS,
        },
      },
      {
        test: {
          name: 'replay',
          include: ['tests/replay/**/*.test.ts'],
          testTimeout: MINUTE_MS,
          hookTimeout: MINUTE_MS,
        },
      },
      {
        test: {
          name: 'google',
          include: GOOGLE,
          testTimeout: MINUTE_MS,
          hookTimeout: 2 * MINUTE_MS,
        },
      },
      {
        test: {
          name: 'chaos',
          include: ['tests/chaos/**/*.test.ts'],
          // Each test wants the machine for itself: times are part of what it proves.
          fileParallelism: false,
          testTimeout: 15 * MINUTE_MS,
          hookTimeout: 2 * MINUTE_MS,
        },
      },
    ],
  },
});
