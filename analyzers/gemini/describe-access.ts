import type { KeyAccess, VertexAccess } from '../ports.ts';
import type { AccessContext } from './read-error.ts';
import { isRegion, vertexHost } from './vertex-host.ts';

const CANCEL = 'cancel the run and start one with another --model';

/** What a person has to know of an access when a call fails. */
export function describeAccess(access: VertexAccess | KeyAccess): Omit<AccessContext, 'secrets'> {
  if (access.kind === 'key') return { asking: 'this key of the Gemini API', otherModel: CANCEL };
  const { project, location, baseUrl } = access;
  return {
    asking: `project ${project} in ${location}`,
    otherModel: `let GOOGLE_CLOUD_LOCATION of the workers name a region that has it and resume, or ${CANCEL}`,
    ...(baseUrl === undefined && isRegion(location) && { regionHost: vertexHost(location) }),
  };
}
