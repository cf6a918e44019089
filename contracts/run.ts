import type { FailureName } from './failures.ts';
import type { OddCells } from './odd-cells.ts';
import type { Tally } from './outcome.ts';
import type { PromptField } from './prompt.ts';
import type { SourceSpec } from './source.ts';

/** Results as files. `path` is a folder; default: the worker's data folder. */
export interface ParquetStoreSpec {
  readonly kind: 'parquet';
  readonly path: string;
}

/** Results as tables of one dataset. */
export interface BigQueryStoreSpec {
  readonly kind: 'bigquery';
  readonly project: string;
  readonly dataset: string;
  /** Default: streams where they are permitted, else loads where a bucket is named. */
  readonly mode?: StoreMode;
  /** Where rows wait that are loaded: the name of a bucket, in the location of the dataset. */
  readonly bucket?: string;
}

/** How rows get into a dataset: by Storage Write as they come, or by load jobs, readable when the run has ended. */
export const STORE_MODES = ['stream', 'load'] as const;
export type StoreMode = (typeof STORE_MODES)[number];

/** Where result rows go. */
export type StoreSpec = ParquetStoreSpec | BigQueryStoreSpec;

/** How much happens at once. Everything is frozen at the start of the run. */
export interface Limits {
  /** Assets per shard, 1 to 500. */
  readonly shardSize: number;
  /** Shards running at once, 1 to 64. */
  readonly shardsInFlight: number;
  /** Calls in flight per shard, 1 to 50: more would overflow the server's buffer of events while a worker replays. */
  readonly assetsInFlight: number;
  /** Outcomes per staged batch, 1 to 500. */
  readonly insertBatch: number;
  /** A shard in which only rows waiting for a retry are left hands them back after this long, in ms. */
  readonly leftoverAfterMs: number;
}

/** What is asked where nothing is named. */
export const DEFAULT_PROMPT = 'photo-quality';
/** Who answers where nobody is named. */
export const DEFAULT_ANALYZER = 'offline';

/** What a person asks for: every field but `source` has a default (see `activities/prepare/parse-request.ts`). */
export interface RunRequest {
  /** A plain string is a path: a folder of images, or a file whose ending says what it is. */
  readonly source: string | SourceSpec;
  readonly prompt?: string;
  /** A plain string is its kind. */
  readonly analyzer?: string | AnalyzerRequest;
  /** A plain string is a folder, or a dataset as `bq://project.dataset`. Default: as the workers are set. */
  readonly store?: string | StoreSpec;
  readonly limits?: Partial<Limits>;
  readonly name?: string;
  readonly tags?: readonly string[];
}

export interface AnalyzerRequest {
  readonly kind: string;
  readonly model?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A request with nothing left open. */
export interface ResolvedRequest {
  readonly source: SourceSpec;
  readonly prompt: string;
  readonly analyzer: {
    readonly kind: string;
    readonly model: string;
    readonly settings: Readonly<Record<string, unknown>>;
  };
  readonly store: StoreSpec;
  readonly limits: Limits;
  readonly name: string;
  readonly tags: readonly string[];
}

/** The frozen, ordered, immutable list of a run's assets. */
export interface ManifestRef {
  /** Where it is, in words of the store that holds it. */
  readonly uri: string;
  readonly rows: number;
  /** Fingerprint of all rows in their order, hex. */
  readonly digest: string;
  /** Entries of the source that became no asset. */
  readonly rejected: number;
  /** Those among them whose id came before. */
  readonly duplicates: number;
  /** File that lists them with their reasons, in words of the store; null when there are none. */
  readonly rejects: string | null;
}

/** How the entries of a manifest were read. */
export interface SourceReading {
  readonly source: SourceSpec;
  readonly oddCells: readonly OddCells[];
}

/** Where one run's results live. Two runs never share one (PROTOCOL 2). */
export interface RunPlace {
  readonly store: StoreSpec;
  /** Slug and 10 hex digits of the hash of run id and first execution id. */
  readonly key: string;
  readonly prompt: string;
}

/** Everything about a run that is decided before its first asset; never changes afterwards. Small: it travels through continue-as-new. */
export interface RunPlan {
  readonly runId: string;
  readonly request: ResolvedRequest;
  readonly place: RunPlace;
  readonly manifest: ManifestRef;
  readonly total: number;
  /** Entries of the source that became no asset: duplicate ids, rows without id. */
  readonly rejected: number;
  readonly promptDigest: string;
  readonly fields: readonly PromptField[];
  /** Digest of the frozen analysis specification (prompt, analyzer, model, settings) that the lanes load. */
  readonly spec: string;
  readonly limits: Limits;
  /** The first and last shards of a large run are smaller than the others. Missing from plans made before there was this. */
  readonly isStaggered?: boolean;
  /** Lanes the run may use. */
  readonly lanes: readonly string[];
  /** ISO 8601. */
  readonly startedAt: string;
  readonly versions: { readonly sightline: string };
  /** What a person should know of how the source was read, one sentence each. Missing from plans made before there was this. */
  readonly notes?: readonly string[];
  /** Whether the namespace has Sightline's search attributes; without them the run works and says so. */
  readonly searchAttributes: boolean;
}

export const RUN_STATES = [
  'preparing',
  'running',
  'pausing',
  'paused',
  'verifying',
  'cancelling',
  'completed',
  'cancelled',
  'failed',
  'terminated',
] as const;
/** States of a run (PROTOCOL 1); `terminated` is never set by a run itself: it is what a reader concludes. */
export type RunState = (typeof RUN_STATES)[number];

/** Why a run waits. A set: it goes on when the set is empty. */
export type PauseReason = 'operator' | 'budget' | 'quota' | 'credentials' | 'failures';

/** Counts at one moment: `total` is the sum of all others but `reused`, which is part of succeeded and not_visible. */
export interface Counts {
  readonly total: number;
  readonly succeeded: number;
  readonly not_visible: number;
  readonly failed: number;
  readonly blocked: number;
  readonly skipped: number;
  readonly cancelled: number;
  readonly in_flight: number;
  readonly pending: number;
  readonly reused: number;
}

/** Of a run of which nothing has been looked at. */
export function blankCounts(total: number): Counts {
  return {
    total,
    succeeded: 0,
    not_visible: 0,
    failed: 0,
    blocked: 0,
    skipped: 0,
    cancelled: 0,
    in_flight: 0,
    pending: total,
    reused: 0,
  };
}

/** Assets that have been looked at, with or without an answer; those that a cancellation left out are not. */
export function doneCount({ total, pending, in_flight, cancelled }: Counts): number {
  return total - pending - in_flight - cancelled;
}

export interface Progress {
  readonly runId: string;
  readonly name: string;
  readonly state: RunState;
  /** Why it is paused or pausing. */
  readonly reasons: readonly PauseReason[];
  /** What a person should know about this run, one sentence each (for example that search attributes are missing). */
  readonly notes: readonly string[];
  readonly counts: Counts;
  readonly failures: Tally['failures'];
  readonly cost: { readonly spentUsd: number; readonly unknown: number };
  /** Assets per minute over the last minutes of work, pauses left out; null until it is known. */
  readonly ratePerMinute: number | null;
  /** Seconds left, as a range; null while it is not known. */
  readonly etaSeconds: { readonly low: number; readonly high: number } | null;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly shards: { readonly running: number; readonly done: number; readonly total: number };
  /** Set when the run failed. */
  readonly failure?: { readonly name: FailureName; readonly message: string };
  /** Where its results and its record are, when that is not in files. */
  readonly store?: StoreSpec;
}

/** What the store keeps about a run for good: it outlives Temporal's retention. */
export interface RunRecord {
  readonly runId: string;
  readonly executionId: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly state: RunState;
  readonly startedAt: string;
  /** ISO 8601; null while it runs. */
  readonly endedAt: string | null;
  readonly request: ResolvedRequest;
  readonly plan: RunPlan;
  readonly counts: Counts | null;
  readonly notes: readonly string[];
  readonly failures: Tally['failures'];
  readonly cost: Progress['cost'];
  readonly failure?: { readonly name: FailureName; readonly message: string };
}

/** The result of `analyzeRun`. */
export interface RunSummary {
  readonly runId: string;
  readonly state: 'completed' | 'cancelled';
  readonly counts: Counts;
  readonly failures: Tally['failures'];
  readonly cost: Progress['cost'];
  readonly place: RunPlace;
}
