import type { ObservationFilters } from './source.ts';

/** What the tables beside observations of street imagery say of a run over them; what is left out is not known. */
export interface StreetFacts {
  /** The newest snapshot that is read. */
  readonly snapshot?: SnapshotEnd;
  /** Assets that fit the filters and are listed without any observation that does; left out where there are none. */
  readonly unseenAssets?: number;
  /** Assets that were read, by their class. */
  readonly classes?: readonly ClassCount[];
}

export interface ClassCount {
  /** As a filter names it, such as `UTILITY_POLE`. */
  readonly assetClass: string;
  readonly assets: number;
}

export interface SnapshotEnd {
  readonly id: string;
  /** ISO 8601; an estimate. */
  readonly endsAt: string;
}

/** No table says when a snapshot ends: they were seen to be there for so long. */
export const SNAPSHOT_DAYS = 35;

const DAY_MS = 86_400_000;
const SOON_MS = 7 * DAY_MS;

/** What a person should know of a snapshot that ends, and its images with it. No full stop. */
export function snapshotEndText({ id, endsAt }: SnapshotEnd, nowMs: number): string {
  const leftMs = Date.parse(endsAt) - nowMs;
  const day = endsAt.slice(0, 10);
  const estimate = `its images with it: an estimate, ${SNAPSHOT_DAYS} days after it was made`;
  if (leftMs >= SOON_MS) return `The newest snapshot that is read, ${id}, ends about ${day}, and ${estimate}`;
  const warned = `Warning: the newest snapshot that is read, ${id},`;
  if (leftMs > 0) {
    return `${warned} ends about ${day}, in less than 7 days, and ${estimate}; assets that have not been looked at by then are skipped`;
  }
  return `${warned} should have ended about ${day}, and ${estimate}; assets whose images are gone are skipped`;
}

/** What a person should know of assets that only the table of assets has. No full stop. */
export function unseenAssetsText(count: number, filters: ObservationFilters = {}): string {
  const { capturedAfter, capturedBefore } = filters;
  const when = capturedAfter === undefined && capturedBefore === undefined ? '' : ' of that time';
  const [are, they] = count === 1 ? ['asset is', 'it is'] : ['assets are', 'they are'];
  return `${count.toLocaleString('en-US')} more ${are} listed without any observation${when}: ${they} not part of the run`;
}
