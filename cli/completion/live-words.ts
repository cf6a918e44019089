import { parseSettings } from '../../config/parse-settings.ts';
import { listPrompts } from '../../prompts/list-prompts.ts';
import { openParquetStores } from '../../stores/index.ts';
import type { CliIo } from '../cli-io.ts';
import { resolve } from 'node:path';
import type { LiveWords } from './candidates.ts';

/** Ids of runs and names of prompts as the folders of this place hold them; no server is asked. */
export function liveWords({ env, workingDir }: CliIo, words: readonly string[]): LiveWords {
  const typed = valueOf(words, '--data-dir');
  const { dataDir, promptsDir } = parseSettings(
    typed === undefined ? env : { ...env, SIGHTLINE_DATA_DIR: resolve(workingDir, typed) },
    workingDir,
  );
  return {
    async runs() {
      const records = await openParquetStores(dataDir).records.list();
      return records.map(({ runId, name, state }) => ({ value: runId, description: name === runId ? state : name }));
    },
    async prompts() {
      const listed = await listPrompts({ userFolder: promptsDir });
      if (!listed.ok) return [];
      return listed.value.map(({ name, check }) => ({ value: name, description: check.ok ? check.prompt.title : '' }));
    },
  };
}

/** The data folder that this command line names so far. */
function valueOf(words: readonly string[], flag: string): string | undefined {
  const at = words.lastIndexOf(flag);
  const value = at === -1 ? undefined : words[at + 1];
  return value === '' ? undefined : value;
}
