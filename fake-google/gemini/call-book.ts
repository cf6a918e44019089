/** What a server was asked so far. */
export interface SeenCalls {
  readonly calls: number;
  /** Most calls that were under way at one moment. */
  readonly mostAtOnce: number;
  readonly underWay: number;
  /** Time of all calls together, in ms: those under way up to now. */
  readonly callMs: number;
  /** Calls by the identities of their images, joined by commas. */
  readonly perAsset: Readonly<Record<string, number>>;
  /** Answers by HTTP status; one that was never begun counts as 0. */
  readonly perStatus: Readonly<Record<string, number>>;
}

interface CallBook {
  /** `attempt` counts the calls about this asset from 1; `end` is called once with the HTTP status. */
  begin(asset: string | undefined): { readonly attempt: number; readonly end: (status: number) => void };
  seen(): SeenCalls;
}

export function createCallBook(): CallBook {
  const perAsset = new Map<string, number>();
  const perStatus = new Map<number, number>();
  let calls = 0;
  let underWay = 0;
  let mostAtOnce = 0;
  let callMs = 0;
  let countedMs = performance.now();
  const change = (by: 1 | 0 | -1): void => {
    const nowMs = performance.now();
    callMs += underWay * (nowMs - countedMs);
    countedMs = nowMs;
    underWay += by;
  };
  return {
    begin: (asset) => {
      calls++;
      change(1);
      mostAtOnce = Math.max(mostAtOnce, underWay);
      const attempt = asset === undefined ? 1 : (perAsset.get(asset) ?? 0) + 1;
      if (asset !== undefined) perAsset.set(asset, attempt);
      const end = (status: number): void => {
        change(-1);
        perStatus.set(status, (perStatus.get(status) ?? 0) + 1);
      };
      return { attempt, end };
    },
    seen: () => {
      change(0);
      return {
        calls,
        mostAtOnce,
        underWay,
        callMs,
        perAsset: Object.fromEntries(perAsset),
        perStatus: Object.fromEntries(perStatus),
      };
    },
  };
}
