import type { Asset, AssetRef, RowRange } from '../contracts/asset.ts';
import type { Result } from '../contracts/failures.ts';
import type { Filter, ResultColumn } from '../contracts/filter.ts';
import type { Outcome, OutcomeKind, Tally, Usage } from '../contracts/outcome.ts';
import type { PromptField } from '../contracts/prompt.ts';
import type { ManifestRef, RunPlace, RunRecord, SourceReading, StoreSpec } from '../contracts/run.ts';
import type { CommitResult, Receipt, Segment } from '../contracts/shard.ts';
import type { AssetStatement, OnReject } from '../sources/ports.ts';

/** Thrown by every store when it cannot be reached or written (full disk, no permission): worth trying again for hours. */
export class StoreUnavailableError extends Error {
  override name = 'StoreUnavailableError';
  /** How long to wait before that, in ms, where the usual wait would do harm. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly retryAfterMs?: number }) {
    super(message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** Thrown when what the store holds contradicts what it is asked to do: never retried, the run fails loudly. */
export class StoreMismatchError extends Error {
  override name = 'StoreMismatchError';
}

/** Thrown when the staged rows of a segment are surely gone and never became visible: only in another segment can they be staged again. */
export class StoreLostError extends Error {
  override name = 'StoreLostError';
}

/** Thrown when what is asked cannot be, as things are: a dataset that does not exist, a column of another type. Names the fix. */
export class StoreRefusedError extends Error {
  override name = 'StoreRefusedError';
}

/** Where the results of a run go, with nothing left open. */
export interface SettledStore {
  readonly store: StoreSpec;
  /** What a person should know of it, one sentence each. */
  readonly notes: readonly string[];
}

/** Holds the frozen list of a run's assets, beside its results. */
export interface ManifestStore {
  /**
   * Numbers the assets 0..n-1 in the order they come and keeps them for good, and what became no asset in a file beside them. A
   * manifest that exists already is adopted and the source is not read. Never leaves a half-written manifest behind.
   */
  freeze(place: RunPlace, source: ManifestSource): Promise<FrozenManifest>;
  /** The manifest of this place, if it was frozen. */
  find(place: RunPlace): Promise<FrozenManifest | undefined>;
  /** The assets of the ranges, in order; throws `StoreMismatchError` when a row is missing or lies outside its range. */
  read(place: RunPlace, manifest: ManifestRef, ranges: readonly RowRange[]): Promise<readonly AssetRef[]>;
  drop(place: RunPlace): Promise<void>;
}

/** A manifest with what was said of its reading, whoever froze it. */
export interface FrozenManifest extends ManifestRef {
  readonly reading?: SourceReading;
}

/** What a manifest is frozen from. */
export interface ManifestSource {
  readonly assets: (onReject: OnReject) => AsyncIterable<Asset>;
  /**
   * The same assets as one statement: taken where the store can run it, it does not fail, it holds, and no id is there twice.
   * Default: none.
   */
  readonly statement?: AssetStatement | null;
  /** Asked after the last asset, or at any time where a statement gives them; kept with the manifest. Default: nothing is kept. */
  readonly reading?: () => SourceReading;
  /** Of the request of the run, hex; kept with what is made, where the store can. Default: nothing is kept. */
  readonly requestDigest?: string;
}

/** One row as the store takes it: provenance that is equal for the whole run comes from `RowContext`. */
export interface ResultRow {
  readonly asset: AssetRef;
  /** With `findings` in place: a `findingsRef` has been followed. */
  readonly outcome: Outcome;
}

export interface RowContext {
  readonly runId: string;
  readonly prompt: string;
  readonly promptDigest: string;
  readonly fields: readonly PromptField[];
  readonly analyzer: string;
  /** The analyzer's settings as JSON. */
  readonly settings: string;
}

/** Takes result rows and makes them visible exactly once (PROTOCOL 6). */
export interface ResultStore {
  /**
   * Creates the destination for these fields; fails with `StoreUnavailableError` when it cannot be written, and with
   * `StoreRefusedError` when it holds something else. Repeating it changes nothing.
   */
  ensure(place: RunPlace, fields: readonly PromptField[]): Promise<void>;
  /**
   * Comes first in each execution of a shard: from now on no earlier execution makes another row visible. What it had staged
   * may become visible by this. Returns what is visible; the execution must not stage those rows again.
   */
  takeOver(place: RunPlace, shard: number, executionId: string): Promise<VisibleRows>;
  /**
   * Writes a frozen batch at its offset where no reader sees it; `after` is the receipt of the batch before in the segment,
   * null for the first. The same batch again is success and returns the same receipt. Another batch at the same offset is
   * found here or by the commit, which throw `StoreMismatchError`. Both throw `StoreLostError` where staged rows can be lost.
   */
  stage(
    place: RunPlace,
    context: RowContext,
    segment: Segment,
    offset: number,
    rows: readonly ResultRow[],
    after: Receipt | null,
  ): Promise<Receipt>;
  /**
   * Makes the staged batches of a segment visible, all at once. A segment that is visible already is success. No row becomes
   * visible twice, whatever other executions of the shard do. Receipts must join without gap from offset 0.
   */
  commit(place: RunPlace, context: RowContext, segment: Segment, receipts: readonly Receipt[]): Promise<CommitResult>;
  /** The rows of a shard that are visible, and what they add up to. */
  visible(place: RunPlace, shard: number): Promise<VisibleRows>;
  /** Joins visible parts into larger ones without changing what readers see. `final` also removes staged and orphaned files. */
  rollUp(place: RunPlace, context: RowContext, final: boolean): Promise<void>;
  /** Reads every visible row and says what is there; constant memory. */
  audit(place: RunPlace): Promise<StoreAudit>;
}

export interface VisibleRows {
  readonly rows: readonly RowRange[];
  readonly tally: Tally;
}

export interface StoreAudit {
  readonly rows: number;
  /** Rows whose row number occurred before. */
  readonly repeated: number;
  /** Row numbers below `maxRow` that are not there are not listed, only counted by the caller: rows - repeated = distinct. */
  readonly counts: Tally['counts'];
}

/** A stored row as readers see it: the columns of PROTOCOL 5, snake_case. */
export type StoredRow = Readonly<Record<string, unknown>>;

export interface ResultQuery {
  /** Only rows with one of these outcomes. */
  readonly outcomes?: readonly string[];
  /** Only rows that it chooses. */
  readonly filter?: Filter;
  /** Rows after this asset id, in the order of asset ids. */
  readonly after?: string;
  /** Only the rows of these numbers in the manifest. */
  readonly rows?: readonly number[];
  /** At most this many rows, 1 to 10,000. */
  readonly limit: number;
}

/** What all visible rows of a run add up to. Samples are row numbers, a few of each kind, the same ones every time. */
export interface ResultSummary {
  readonly rows: number;
  readonly images: number;
  /** Those that occur, in the order of `OUTCOME_KINDS`. */
  readonly outcomes: readonly GroupSummary<OutcomeKind>[];
  /** Names of failures, the most frequent first. */
  readonly failures: readonly GroupSummary<string>[];
  /** In the order of the fields asked for. */
  readonly fields: readonly FieldSummary[];
  /** The most frequent first, at most 20. */
  readonly models: readonly ModelSummary[];
  readonly usage: Usage;
  /** `unknown`: rows whose cost is not known. */
  readonly cost: { readonly spentUsd: number; readonly unknown: number };
  /** ISO 8601; null without rows. */
  readonly firstAt: string | null;
  readonly lastAt: string | null;
}

export interface GroupSummary<Name> {
  readonly name: Name;
  readonly rows: number;
  readonly samples: readonly number[];
}

export interface ModelSummary {
  readonly analyzer: string;
  readonly model: string;
  readonly version: string;
  readonly rows: number;
}

/** What the answers to one field add up to. `filled`: rows that have a value. */
export type FieldSummary = NumberSummary | WordSummary | TextSummary;

/** Of `integer` and `number` fields. */
export interface NumberSummary {
  readonly kind: 'numbers';
  readonly name: string;
  readonly filled: number;
  /** Null when no row has a value. The median is exact up to a million rows, and within 1 % above. */
  readonly spread: {
    readonly min: number;
    readonly median: number;
    readonly max: number;
    readonly bins: readonly Bin[];
    readonly lowest: readonly number[];
    readonly highest: readonly number[];
  } | null;
}

/** Values from `from` up to, but not including, `to`; the last bin includes it. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** Of `boolean`, `one-of` and `strings` fields; a row counts once for each text of its list. */
export interface WordSummary {
  readonly kind: 'words';
  readonly name: string;
  readonly filled: number;
  /** Different values, also those that are not listed. */
  readonly distinct: number;
  /** The most frequent first, at most 20; each cut to 200 characters. */
  readonly values: readonly GroupSummary<string>[];
}

/** Of `string` fields. */
export interface TextSummary {
  readonly kind: 'texts';
  readonly name: string;
  readonly filled: number;
  /** Different texts, within a few percent. */
  readonly distinct: number;
  /** Characters of the shortest and the longest text; null when no row has one. */
  readonly lengths: { readonly min: number; readonly max: number } | null;
  readonly samples: readonly number[];
}

/** Reads visible rows; follows commit records, never a folder listing. */
export interface ResultReader {
  /** The columns that a filter may name when the prompt has these fields. */
  columns(fields: readonly PromptField[]): readonly ResultColumn[];
  list(place: RunPlace, query: ResultQuery): Promise<readonly StoredRow[]>;
  get(place: RunPlace, assetId: string): Promise<StoredRow | undefined>;
  /** The files that hold the visible rows now. */
  files(place: RunPlace): Promise<readonly string[]>;
  /** Reads every visible row; constant memory. */
  summarise(place: RunPlace, fields: readonly PromptField[]): Promise<ResultSummary>;
}

/** What is kept about runs for good. */
export interface RunRecords {
  /**
   * Claims a run id, create-once. True when it is ours: claimed now, or before by the same execution with the same request
   * digest. False when anybody else has it.
   */
  claim(runId: string, executionId: string, requestDigest: string): Promise<boolean>;
  /** Keeps everything but a name that people gave the run since. */
  write(record: RunRecord): Promise<void>;
  /** Gives a run another name, for good; the id stays. Waits for no record, so it survives the ones still to be written. */
  rename(runId: string, name: string): Promise<void>;
  read(runId: string): Promise<RunRecord | undefined>;
  /** Newest first. */
  list(): Promise<readonly RunRecord[]>;
}

/** Small immutable JSON documents named by their content: frozen specifications, and findings too large for history. */
export interface BlobStore {
  /** Returns the blob's name; the same value again changes nothing. `maxBytes` exceeded: `AnswerTooLarge`. */
  put(value: unknown, maxBytes: number): Promise<Result<string>>;
  get(ref: string): Promise<unknown>;
}
