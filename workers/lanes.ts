import { modelAccessOf } from '../config/model-access.ts';
import type { Settings } from '../config/settings.ts';

/** Lanes that need nothing but a worker. */
export const LOCAL_LANES = ['local', 'noop'] as const;
/** Lanes of services: a worker takes those that its settings say how to reach. */
export const SERVICE_LANES = ['gemini', 'vertexai'] as const;

/** Share of assets that a worker holds on the lane of a service beyond its calls. */
const AHEAD = 0.3;
const ANSWERS_EVERY_MS = 200;

/** How a worker works for a lane. */
export interface Lane {
  readonly lane: string;
  /** Assets that it holds at once. */
  readonly slots: number;
  /** Answers go back together, so often, in ms; 0: each at once. */
  readonly answersEveryMs: number;
}

/** The lanes that a worker with these settings can work for. */
export function lanesOf(settings: Settings): readonly string[] {
  const access = modelAccessOf(settings);
  return [...LOCAL_LANES, ...SERVICE_LANES.filter((lane) => access[lane] !== undefined)];
}

/**
 * The analyzers of services keep to `laneSlots` calls themselves: the assets beyond that have their images read meanwhile, or
 * the model would wait while answers go back. `noop` stands for a service that answers at once.
 */
export function openLane(lane: string, { localSlots, laneSlots }: Settings): Lane {
  if (lane === 'local') return { lane, slots: localSlots, answersEveryMs: 0 };
  const ahead = isServiceLane(lane) ? Math.ceil(laneSlots * AHEAD) : 0;
  return { lane, slots: laneSlots + ahead, answersEveryMs: ANSWERS_EVERY_MS };
}

function isServiceLane(lane: string): boolean {
  return (SERVICE_LANES as readonly string[]).includes(lane);
}
