import type { AssetRef, ImageRef, RowRange } from './asset.ts';
import type { Outcome, Tally } from './outcome.ts';
import type {
  AnalyzerRequest,
  ManifestRef,
  Progress,
  RunPlace,
  RunPlan,
  RunRequest,
  RunState,
  StoreSpec,
} from './run.ts';
import type { CommitResult, LostSegment, Receipt, Segment, ShardResult } from './shard.ts';
import type { SightColumns } from './source.ts';

/** Activities on the run queue: everything but analysis. Each may be repeated at any time (PROTOCOL 6). */
export interface RunActivities {
  /** Validates the request, claims the run id, freezes the source, creates the destination. */
  prepareRun(input: PrepareRunInput): Promise<RunPlan>;
  /** Row numbers of the shard that are visible already, with what they add up to, and the first assets that are not. */
  reconcileShard(input: ReconcileInput): Promise<Reconciled>;
  /** The next assets of the ranges, at most `maxRows` of them and 512 KB; `rest` is what was not read. */
  readPage(input: ReadPageInput): Promise<AssetPage>;
  /** Writes one frozen batch where no reader sees it. */
  stageRows(input: StageRowsInput): Promise<Receipt | LostSegment>;
  /** Makes a segment visible; committing it twice is success. */
  commitRows(input: CommitRowsInput): Promise<Committed | LostSegment>;
  /** Joins small parts into larger ones. */
  rollUp(input: { readonly plan: RunPlan }): Promise<void>;
  /** Leaves only visible files and compares them with the books; a difference is `AccountingMismatch`. */
  verifyRun(input: VerifyRunInput): Promise<void>;
  /** Writes the last run record and removes what is no longer needed. */
  finishRun(input: FinishRunInput): Promise<void>;
  /** Holds a shard's scheduled calls at the server. */
  holdCalls(input: { readonly workflowId: string }): Promise<HoldResult>;
  /** Returns when no call of a shard is under way. */
  awaitHeldCalls(input: { readonly workflowId: string }): Promise<void>;
  /** Undoes `holdCalls`. */
  releaseCalls(input: { readonly workflowId: string }): Promise<void>;
  /** Waits for a shard that somebody else has started, and returns its result. */
  adoptShard(input: { readonly workflowId: string }): Promise<ShardResult>;
  /** Makes Temporal's own cancellation request for the run. */
  requestCancel(input: { readonly workflowId: string }): Promise<void>;
  /** Freezes the specification for one asset outside any run. */
  prepareOne(input: AnalyzeOneInput): Promise<PreparedOne>;
}

/** `store`: where the specification is, if not in files. */
export interface PreparedOne extends Pick<AnalyzeAssetInput, 'spec' | 'store'> {
  readonly lane: string;
}

/** Activities on a lane's queue. */
export interface LaneActivities {
  /** One call for one asset. Expected failures that are final are outcomes; those to be retried are thrown with their name as type. */
  analyzeAsset(input: AnalyzeAssetInput): Promise<Outcome>;
}

export interface PrepareRunInput {
  readonly runId: string;
  /** The first execution id of the run's chain: tells a repeat of this run from another run with the same id. */
  readonly executionId: string;
  /** Not validated yet: whatever a person typed. */
  readonly request: RunRequest | undefined;
  readonly startedAt: string;
}

export interface ReconcileInput {
  readonly place: RunPlace;
  readonly runId: string;
  readonly shard: number;
  /** What is to be read as by `readPage`, as far as it is not visible: one step less before the first call. Default: nothing. */
  readonly first?: Omit<ReadPageInput, 'place'>;
}

export interface Reconciled {
  readonly rows: readonly RowRange[];
  readonly tally: Tally;
  /** Missing when nothing was to be read, or everything is visible. */
  readonly page?: AssetPage;
}

export interface ReadPageInput {
  readonly place: RunPlace;
  readonly manifest: ManifestRef;
  readonly ranges: readonly RowRange[];
  readonly maxRows: number;
}

export interface AssetPage {
  readonly assets: readonly AssetRef[];
  readonly rest: readonly RowRange[];
}

export interface StageRowsInput {
  readonly plan: StagePlan;
  readonly segment: Segment;
  readonly offset: number;
  readonly outcomes: readonly Outcome[];
  /** What the batch before in this segment was answered; missing for the first. */
  readonly after?: Receipt;
}

/** The part of the plan that rows are made from: keeps repeated inputs small. */
export interface StagePlan extends Pick<RunPlan, 'runId' | 'place' | 'manifest' | 'spec'> {
  /** Where these hold anything, the pictures are not asked for place or time. Missing from shards that began before there was this. */
  readonly sightColumns?: SightColumns;
}

export interface CommitRowsInput {
  readonly plan: StagePlan;
  readonly segment: Segment;
  readonly receipts: readonly Receipt[];
}

export interface Committed extends CommitResult {
  /** What all visible rows of the shard add up to now. */
  readonly visible: Tally;
}

export interface VerifyRunInput {
  readonly plan: RunPlan;
  readonly tally: Tally;
  readonly cancelled: number;
}

export interface FinishRunInput {
  readonly plan: RunPlan;
  readonly executionId: string;
  readonly state: RunState;
  readonly progress: Progress;
}

export interface HoldResult {
  /** False on a server without `PauseActivity`: scheduled calls run off. */
  readonly supported: boolean;
}

export interface AnalyzeAssetInput {
  readonly runId: string;
  readonly shard: number;
  readonly spec: string;
  readonly asset: AssetRef;
  /** Calls started for this asset before this dispatch. */
  readonly priorAttempts: number;
  /** Where the run's results go, when that is not in files: there the specification is kept too. */
  readonly store?: StoreSpec;
}

export interface AnalyzeOneInput {
  readonly images: readonly ImageRef[];
  readonly assetId?: string;
  readonly prompt?: string;
  readonly analyzer?: AnalyzerRequest;
}
