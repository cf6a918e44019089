import type { ByteClaim } from './ports.ts';

/** Bounds the bytes of images that a process holds at once. */
export interface ByteBudget {
  /** A share for one asset; what it waits for rejects with the signal's reason. */
  open(signal: AbortSignal): ByteShare;
}

export interface ByteShare {
  /** A claim for one image, of no bytes yet. */
  claim(): ByteClaim;
  /** Gives everything back. */
  close(): void;
}

interface Share {
  heldBytes: number;
  readonly waits: Wait[];
}

interface Wait {
  readonly sizeBytes: number;
  readonly grant: () => void;
}

/**
 * Grants bytes up to `mostBytes`, first to the share that asked first; nobody overtakes. That oldest share never waits: so an
 * asset with more bytes than the bound passes too, and shares that each hold some bytes and want more cannot block each other.
 * At most the bound is held, and on top of it what the oldest share alone holds.
 */
export function createByteBudget(mostBytes: number): ByteBudget {
  /** Oldest first. */
  const asking = new Set<Share>();
  let usedBytes = 0;
  return {
    open(signal) {
      const share: Share = { heldBytes: 0, waits: [] };
      let isClosed = false;
      return {
        claim: () => createClaim(share, signal, () => isClosed),
        close() {
          isClosed = true;
          asking.delete(share);
          hold(share, -share.heldBytes);
          serve();
        },
      };
    },
  };

  function createClaim(share: Share, signal: AbortSignal, isClosed: () => boolean): ByteClaim {
    let claimedBytes = 0;
    return {
      async reserve(sizeBytes) {
        await wait(share, sizeBytes, signal);
        claimedBytes += sizeBytes;
      },
      resize(sizeBytes) {
        if (isClosed()) return;
        hold(share, sizeBytes - claimedBytes);
        claimedBytes = sizeBytes;
        serve();
      },
    };
  }

  function wait(share: Share, sizeBytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const giveUp = (): void => {
        share.waits.splice(share.waits.indexOf(waiting), 1);
        reject(signal.reason);
        serve();
      };
      const waiting: Wait = {
        sizeBytes,
        grant() {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      share.waits.push(waiting);
      asking.add(share);
      serve();
    });
  }

  function serve(): void {
    const [oldest] = asking;
    for (const share of asking) {
      for (let [next] = share.waits; next; [next] = share.waits) {
        if (share !== oldest && usedBytes + next.sizeBytes > mostBytes) return;
        share.waits.shift();
        hold(share, next.sizeBytes);
        next.grant();
      }
    }
  }

  function hold(share: Share, sizeBytes: number): void {
    share.heldBytes += sizeBytes;
    usedBytes += sizeBytes;
  }
}
