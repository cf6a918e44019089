/** A project by its id, after a domain and a colon where it belongs to one; no dot but in the domain. Part of a pattern. */
export const PROJECT_ID = '(?:[a-z0-9][a-z0-9.-]{0,252}:)?[a-z][a-z0-9-]{4,60}[a-z0-9]';
/** Part of a pattern. */
export const DATASET_NAME = '[A-Za-z0-9_]{1,1024}';

export function isProjectId(text: string): boolean {
  return new RegExp(`^${PROJECT_ID}$`).test(text);
}

export function isDatasetName(text: string): boolean {
  return new RegExp(`^${DATASET_NAME}$`).test(text);
}

export function isBucketName(text: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(text);
}

/** The sentence for whoever typed another. */
export function noProjectId(text: string): string {
  return `${JSON.stringify(text)} cannot be the id of a project: write one such as my-project, or example.com:my-project`;
}

/** The sentence for whoever typed another. */
export function noDatasetName(text: string): string {
  return `${JSON.stringify(text)} cannot be the name of a dataset: write one of letters, digits and _`;
}
