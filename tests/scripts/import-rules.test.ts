import { describe, expect, test } from 'vitest';
import { lintSnippets } from './lint-snippets.ts';

/** Per file: what it may import and what it may not; `type` marks a type-only import. */
const IMPORTS: Readonly<Record<string, { readonly may: readonly string[]; readonly never: readonly string[] }>> = {
  'contracts/sample.ts': {
    may: ['./run.ts', '@temporalio/workflow', '@temporalio/common'],
    never: ['node:fs', 'node:fs/promises', 'zod', '../stores/ports.ts', '@temporalio/client'],
  },
  'workflows/sample.ts': {
    may: ['./shard/decide.ts', '../contracts/run.ts', '@temporalio/workflow', '@temporalio/common'],
    never: [
      'type ../stores/ports.ts',
      'node:fs',
      'node:fs/promises',
      'p-limit',
      '../activities/index.ts',
      '../stores/ports.ts',
      './../stores/ports.ts',
      '@temporalio/activity',
      '@temporalio/client',
      '@temporalio/workflow/lib/internals',
    ],
  },
  'workflows/shard/sample.ts': {
    may: ['./decide.ts', '../activity-proxies.ts', '../run/book.ts', '../../contracts/run.ts', '@temporalio/workflow'],
    never: ['node:fs/promises', '../../stores/ports.ts', '../../activities/index.ts', 'zod', '@temporalio/client'],
  },
  'sources/sample.ts': {
    may: ['node:fs/promises', 'csv-parse', './ports.ts', '../contracts/asset.ts', '../images/ports.ts'],
    never: [
      '@temporalio/common',
      '@temporalio/workflow',
      '../stores/index.ts',
      '../images/decode-image.ts',
      '../config/settings.ts',
      '../google/open-google.ts',
    ],
  },
  'stores/sample.ts': {
    may: ['node:fs', '@duckdb/node-api', '../contracts/run.ts'],
    never: [
      '@temporalio/client',
      '../sources/csv-source.ts',
      '../analyzers/index.ts',
      '../tests/suites/blob-store.suite.ts',
    ],
  },
  'stores/bigquery/sample.ts': {
    may: [
      '@google-cloud/bigquery',
      '../ports.ts',
      '../row-ranges.ts',
      '../../contracts/run.ts',
      '../../sources/ports.ts',
    ],
    never: ['@temporalio/client', '@duckdb/node-api', '../../sources/csv-source.ts', '../../config/settings.ts'],
  },
  'images/sample.ts': {
    may: ['sharp', '../contracts/asset.ts'],
    never: ['@temporalio/activity', '../analyzers/index.ts'],
  },
  'prompts/sample.ts': { may: ['yaml', '../contracts/prompt.ts'], never: ['@temporalio/common', '../stores/index.ts'] },
  'filters/sample.ts': {
    may: ['./read-tokens.ts', '../contracts/filter.ts', '../prompts/did-you-mean.ts'],
    never: ['node:fs', 'zod', '@temporalio/common', '../stores/ports.ts', '../prompts/load-prompt.ts'],
  },
  'analyzers/sample.ts': {
    may: ['zod', '../images/decode-image.ts', '../images/ports.ts', '../prompts/did-you-mean.ts'],
    never: ['@temporalio/activity', '../stores/index.ts', '../prompts/load-prompt.ts'],
  },
  'analyzers/gemini/sample.ts': {
    may: [
      'zod',
      '../ports.ts',
      '../../images/change-picture.ts',
      '../../prompts/response-schema.ts',
      '../../google/unneeded-credentials.ts',
    ],
    never: [
      '@temporalio/activity',
      '../offline-analyzer.ts',
      '../../config/settings.ts',
      '../../prompts/load-prompt.ts',
    ],
  },
  'activities/sample.ts': {
    may: [
      '@temporalio/activity',
      'type @temporalio/client',
      '../stores/ports.ts',
      '../images/image-desk.ts',
      '../prompts/check-findings.ts',
    ],
    never: [
      '../stores/index.ts',
      '../sources/csv-source.ts',
      '../analyzers/index.ts',
      '../config/settings.ts',
      '@temporalio/worker',
      '@temporalio/client',
    ],
  },
  'activities/prepare/sample.ts': {
    may: ['../deps.ts', '../../stores/ports.ts', '../../contracts/run.ts'],
    never: ['../../stores/index.ts', '../../config/settings.ts', '@temporalio/client'],
  },
  'config/sample.ts': {
    may: ['../contracts/run.ts', '@temporalio/envconfig'],
    never: ['../stores/index.ts', '../cli/main.ts'],
  },
  'client/sample.ts': {
    may: ['@temporalio/client', '../stores/ports.ts', '../contracts/run.ts', '../config/settings.ts'],
    never: [
      '../stores/index.ts',
      '../activities/index.ts',
      '../workflows/index.ts',
      '../workers/main.ts',
      '@temporalio/worker',
    ],
  },
  'client/main.ts': {
    may: ['../stores/index.ts'],
    never: ['../tests/support/x.ts', '../fake-google/start-storage.ts'],
  },
  'workers/sample.ts': { may: ['../stores/index.ts'], never: ['../fake-google/start-storage.ts'] },
  'processes/sample.ts': {
    may: ['./free-port.ts', 'node:net'],
    never: ['@temporalio/client', '../contracts/run.ts', '../cli/main.ts'],
  },
  'google/sample.ts': {
    may: ['@google-cloud/storage', './open-storage.ts'],
    never: ['@temporalio/client', '../config/settings.ts', '../images/ports.ts', '../contracts/run.ts'],
  },
  'fake-google/sample.ts': {
    may: ['./gemini/decide-answer.ts', '../processes/free-port.ts', 'type ../prompts/response-schema.ts', 'google-gax'],
    never: ['@temporalio/client', '../stores/ports.ts', '../cli/main.ts', '../tests/support/x.ts'],
  },
  'fake-google/gemini/sample.ts': {
    may: ['../servers/start-process.ts', '../../processes/free-port.ts', '../../contracts/asset.ts'],
    never: ['@temporalio/client', '../../analyzers/index.ts', '../../cli/main.ts'],
  },
  'cli/runs/sample.ts': {
    may: ['../../stores/index.ts', '../../workers/create-workers.ts', '../../fake-google/start-storage.ts'],
    never: [
      '../../tests/support/x.ts',
      '../../benchmarks/main.ts',
      '../../scripts/setup/install-packages.mjs',
      '../../examples/run.ts',
    ],
  },
  'tests/sample.ts': { may: ['../scripts/setup/install-packages.mjs', '../stores/index.ts'], never: [] },
};

describe('the import rules', async () => {
  const files = Object.fromEntries(
    Object.entries(IMPORTS).map(([file, { may, never }]) => [file, [...may, ...never].map(importOf).join('\n')]),
  );
  const findings = await lintSnippets(files);

  test.each(Object.entries(IMPORTS))('%s imports what it may and nothing else', (file, { may, never }) => {
    const modules = [...may, ...never];
    const rejected = findings
      .filter((finding) => finding.file === file && finding.rule === 'eslint(no-restricted-imports)')
      .map(({ line = 0 }) => modules[line - 1]);
    expect(new Set(rejected)).toEqual(new Set(never));
  });
});

describe('the proxies of activities', async () => {
  const bare =
    "import { proxyActivities } from '@temporalio/workflow';\nexport const activities = proxyActivities({});\n";
  const places = ['workflows/analyze-sample.ts', 'workflows/shard/sample.ts', 'workflows/activity-proxies.ts'];
  const findings = await lintSnippets(Object.fromEntries(places.map((place) => [place, bare])));

  test('are made in one file only', () => {
    const rejected = findings.filter(({ rule }) => rule === 'eslint(no-restricted-imports)').map(({ file }) => file);
    expect(rejected.toSorted()).toEqual(['workflows/analyze-sample.ts', 'workflows/shard/sample.ts']);
  });
});

function importOf(module: string, index: number): string {
  return module.startsWith('type ')
    ? `import type { sample as module${index} } from '${module.slice('type '.length)}';`
    : `import { sample as module${index} } from '${module}';`;
}
