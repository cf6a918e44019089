import type { FailureName } from '../../../contracts/failures.ts';

/** A file that somebody may bring, with how it has to end: answered, or skipped with this name. */
export interface HostileFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly ends: 'succeeded' | FailureName;
}
