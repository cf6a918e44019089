export interface CallLimit {
  /** Calls that a payer may make within `perMs`. */
  readonly calls: number;
  readonly perMs: number;
}

/** How long a payer has to wait until it may call, in ms; undefined when it may call now, and then this call counts. */
export type AskLimit = (payer: string, nowMs: number) => number | undefined;

/** Counts the calls of each payer over the last `perMs`; a refused call does not count. */
export function createCallLimit(limit: CallLimit | undefined): AskLimit {
  const granted = new Map<string, number[]>();
  return (payer, nowMs) => {
    if (limit === undefined) return undefined;
    const recent = (granted.get(payer) ?? []).filter((atMs) => atMs > nowMs - limit.perMs);
    granted.set(payer, recent);
    const oldest = recent.at(0);
    if (recent.length >= limit.calls) return oldest === undefined ? limit.perMs : oldest + limit.perMs - nowMs;
    recent.push(nowMs);
    return undefined;
  };
}
