import type { Analyzer } from '../analyzers/ports.ts';
import type { ImageDesks } from '../images/image-desks.ts';
import type { ImageLimits } from '../images/ports.ts';
import type { Prompt } from '../contracts/prompt.ts';
import type { Result } from '../contracts/failures.ts';
import type { RunPlace, StoreSpec } from '../contracts/run.ts';
import type { ShardResult } from '../contracts/shard.ts';
import type { SourceSpec } from '../contracts/source.ts';
import type { AssetSource } from '../sources/ports.ts';
import type { BlobStore, ManifestStore, ResultStore, RunRecords, SettledStore } from '../stores/ports.ts';

/** What activities need from outside; passed in once, by the worker. */
export interface ActivityDeps {
  readonly stores: StoreFinder;
  readonly sources: SourceFinder;
  /** Undefined when there is no analyzer of this kind. */
  readonly analyzer: (kind: string) => Analyzer | undefined;
  readonly analyzerKinds: readonly string[];
  readonly loadPrompt: (name: string) => Promise<Result<Prompt>>;
  readonly images: ImageDesks;
  /** Of runs that this worker prepares. */
  readonly imageLimits: ImageLimits;
  readonly temporal: TemporalControl;
  readonly makePlace: (input: { runId: string; executionId: string; store: StoreSpec; prompt: string }) => RunPlace;
  /** Relative paths in requests are resolved against this folder. */
  readonly workingDir: string;
  readonly version: string;
  /** True from the moment that this worker is told to stop. */
  readonly isStopping: () => boolean;
}

export interface StoreFinder {
  /** Where the results of runs go that do not say. */
  readonly homeSpec: StoreSpec;
  /** Those of a run, by where its results go; undefined: files, whatever `homeSpec` is. */
  of(spec: StoreSpec | undefined): Promise<ActivityStores>;
  /** The store with nothing left open, as the whole run is to use it. */
  settle(spec: StoreSpec): Promise<SettledStore>;
}

export interface ActivityStores {
  readonly manifests: ManifestStore;
  readonly results: ResultStore;
  readonly records: RunRecords;
  readonly blobs: BlobStore;
}

export interface SourceFinder {
  /** Makes a path absolute and finds out what it is. */
  resolve(source: string | SourceSpec, workingDir: string): Promise<Result<SourceSpec>>;
  find(spec: SourceSpec): AssetSource;
}

/** The few calls to the Temporal server that activities make. */
export interface TemporalControl {
  /** Registers what is missing; false when that is not allowed or not possible here. */
  ensureSearchAttributes(): Promise<boolean>;
  /** Holds the scheduled calls of a workflow; false on a server that cannot. */
  pauseCalls(workflowId: string): Promise<boolean>;
  unpauseCalls(workflowId: string): Promise<void>;
  /** Calls of a workflow that a worker is running now. */
  callsUnderWay(workflowId: string): Promise<number>;
  /** Waits for a shard that is under way, or reads the result of one that has ended. */
  shardResult(workflowId: string, signal: AbortSignal): Promise<ShardResult>;
  cancel(workflowId: string): Promise<void>;
}
