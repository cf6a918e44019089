import type { BigQueryStoreSpec } from '../../contracts/run.ts';
import { parseStoreText } from '../../contracts/store-text.ts';
import { usageError } from '../cli-error.ts';
import { shellWord } from '../output/shell-word.ts';

/** The dataset that `bq://project.dataset` names; anything else is wrong usage. */
export function datasetOf(text: string): BigQueryStoreSpec {
  const parsed = parseStoreText(text);
  if (parsed.ok && parsed.value.kind === 'bigquery') return parsed.value;
  throw usageError(`${JSON.stringify(text)} is no dataset; write bq://project.dataset.`);
}

/** The command that looks at what the dataset needs. */
export function checkWords({ project, dataset }: BigQueryStoreSpec): string {
  return `gcloud check --project ${shellWord(project)} --dataset ${shellWord(dataset)}`;
}
