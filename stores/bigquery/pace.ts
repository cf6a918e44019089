/** Says how long, in ms, a caller has to wait who comes now; each call is a caller. */
export type Pace = (nowMs: number) => number;

/** `perHour` calls an hour in the long run, `atOnce` of them without a wait after a rest. */
export function createPace(perHour: number, atOnce: number): Pace {
  const intervalMs = 3_600_000 / perHour;
  let turnMs = 0;
  return (nowMs) => {
    const thisMs = Math.max(turnMs, nowMs - (atOnce - 1) * intervalMs);
    turnMs = thisMs + intervalMs;
    return Math.max(0, thisMs - nowMs);
  };
}
