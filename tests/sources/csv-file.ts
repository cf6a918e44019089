import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { CsvSpec } from '../../contracts/source.ts';
import { createCsvSource } from '../../sources/csv-source.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { readAll } from '../suites/asset-source.suite.ts';

type Content = string | Uint8Array;

/** Gives the tests of a file a folder, and in it `list.csv`, which each of them writes anew. */
export function useCsvFile() {
  const source = createCsvSource();
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    folder = await temporaryFolder('sightline-csv-');
  });
  afterAll(async () => folder[Symbol.asyncDispose]());

  const pathOf = (name: string) => join(folder.path, name);
  const write = async (content: Content, choice: Partial<CsvSpec>): Promise<CsvSpec> => {
    const path = pathOf('list.csv');
    await writeFile(path, content);
    return { kind: 'csv', path, ...choice };
  };
  return {
    source,
    pathOf,
    read: async (content: Content, choice: Partial<CsvSpec> = {}) => readAll(source, await write(content, choice)),
    /** Why the file cannot be used, or `fine`. */
    async messageOf(content: Content, choice: Partial<CsvSpec> = {}): Promise<string> {
      const spec = await write(content, choice);
      const result = await source.describe(spec);
      if (result.ok) return 'fine';
      expect(result.failure.message).toContain(spec.path);
      return `${result.failure.name}: ${result.failure.message.replace(spec.path, 'list.csv')}`;
    },
  };
}
