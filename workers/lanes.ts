import { modelAccessOf } from '../config/model-access.ts';
import type { Settings } from '../config/settings.ts';

/** Lanes that need nothing but a worker. */
export const LOCAL_LANES = ['local', 'noop'] as const;
/** Lanes of services: a worker takes those that its settings say how to reach. */
export const SERVICE_LANES = ['gemini', 'vertexai'] as const;

/** Share of assets that a lane of a service holds beyond its calls. */
const AHEAD = 0.2;

/** The lanes that a worker with these settings can work for. */
export function lanesOf(settings: Settings): readonly string[] {
  const access = modelAccessOf(settings);
  return [...LOCAL_LANES, ...SERVICE_LANES.filter((lane) => access[lane] !== undefined)];
}

/**
 * How many assets a worker holds at once on a lane. The analyzers of services keep to `laneSlots` calls themselves and read the
 * images of the assets beyond that meanwhile: or the model would wait while answers go back and images are read.
 */
export function slotsOf(lane: string, { localSlots, laneSlots }: Settings): number {
  if (lane === 'local') return localSlots;
  return isServiceLane(lane) ? laneSlots + Math.ceil(laneSlots * AHEAD) : laneSlots;
}

function isServiceLane(lane: string): boolean {
  return (SERVICE_LANES as readonly string[]).includes(lane);
}
