const MOST_CHARACTERS = 200;

/**
 * Whether a model may have this name: it becomes part of an address. Full names are names too, `projects/P/locations/L/endpoints/123`
 * for one.
 */
export function isModelName(name: string): boolean {
  return (
    name.length <= MOST_CHARACTERS &&
    /^[a-z0-9][a-z0-9._@:-]*(?:\/[a-z0-9._@:-]+)*$/i.test(name) &&
    !name.includes('..')
  );
}
