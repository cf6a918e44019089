import type { BigQueryStoreSpec } from './run.ts';

/**
 * What the names of a run's objects begin with, in the bucket where its rows wait to be loaded; `key`: of its place. An empty key
 * leaves what the names of all runs into the dataset begin with.
 */
export function loadFolder({ project, dataset }: Pick<BigQueryStoreSpec, 'project' | 'dataset'>, key: string): string {
  return `sightline/${project}.${dataset}/${key}`;
}
