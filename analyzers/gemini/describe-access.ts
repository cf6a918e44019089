import type { KeyAccess, VertexAccess } from '../ports.ts';
import type { ErrorContext } from './read-error.ts';

const CANCEL = 'cancel the run and start one with another --model';

/** Who asks and where, and what a person can do where the model is not there. */
export function describeAccess(access: VertexAccess | KeyAccess): Pick<ErrorContext, 'asking' | 'otherModel'> {
  if (access.kind === 'key') return { asking: 'this key of the Gemini API', otherModel: CANCEL };
  return {
    asking: `project ${access.project} in ${access.location}`,
    otherModel: `let GOOGLE_CLOUD_LOCATION of the workers name a region that has it and resume, or ${CANCEL}`,
  };
}
