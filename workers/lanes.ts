import { modelAccessOf } from '../config/model-access.ts';
import type { Settings } from '../config/settings.ts';

/** Lanes that need nothing but a worker. */
export const LOCAL_LANES = ['local', 'noop'] as const;
/** Lanes of services: a worker takes those that its settings say how to reach. */
export const SERVICE_LANES = ['gemini', 'vertexai'] as const;

/** The lanes that a worker with these settings can work for. */
export function lanesOf(settings: Settings): readonly string[] {
  const access = modelAccessOf(settings);
  return [...LOCAL_LANES, ...SERVICE_LANES.filter((lane) => access[lane] !== undefined)];
}
