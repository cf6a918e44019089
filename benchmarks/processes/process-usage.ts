import { readFile } from 'node:fs/promises';

/** What a process has used since its start. */
export interface Usage {
  /** Processor time of all its threads, in ms, to 10 ms. */
  readonly cpuMs: number;
  /** Resident memory now, in MB. */
  readonly rssMb: number;
}

/** Ticks and pages as Linux shows them to programs, on every processor. */
const MS_PER_TICK = 10;
const PAGE_MB = 4096 / 1024 / 1024;

/** Reads what another process uses; NaN where there is no `/proc` (anywhere but on Linux). */
export async function processUsage(pid: number): Promise<Usage> {
  try {
    // The name of the program, in parentheses, may hold spaces.
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)?.split(' ') ?? [];
    const [userTicks, systemTicks, rssPages] = [fields[11], fields[12], fields[21]].map(Number);
    return {
      cpuMs: ((userTicks ?? Number.NaN) + (systemTicks ?? Number.NaN)) * MS_PER_TICK,
      rssMb: (rssPages ?? Number.NaN) * PAGE_MB,
    };
  } catch {
    return { cpuMs: Number.NaN, rssMb: Number.NaN };
  }
}
