import { processUsage } from './process-usage.ts';

const LOOK_EVERY_MS = 500;

export interface MemoryWatch {
  /** Ends the watch and returns what was seen, in MB, in order. */
  stop(): Promise<readonly number[]>;
}

/** Looks at the resident memory of a process twice a second. */
export function watchMemory(pid: number): MemoryWatch {
  const seen: Promise<number>[] = [];
  const look = (): void => {
    seen.push(processUsage(pid).then(({ rssMb }) => rssMb));
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return Promise.all(seen);
    },
  };
}
