/** Locations that are no regions have hosts of their own. */
const OTHER_HOSTS: ReadonlyMap<string, string> = new Map([
  ['global', 'aiplatform.googleapis.com'],
  ['us', 'aiplatform.us.rep.googleapis.com'],
  ['eu', 'aiplatform.eu.rep.googleapis.com'],
]);

/** Where Vertex AI is asked in a location. */
export function vertexHost(location: string): string {
  return OTHER_HOSTS.get(location) ?? `${location}-aiplatform.googleapis.com`;
}

/** Whether the name of the location is part of the host, so that a wrong one gives a host that there is not. */
export function isRegion(location: string): boolean {
  return !OTHER_HOSTS.has(location);
}
