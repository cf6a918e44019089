import type { Location } from './asset.ts';
import type { Failure, FailureName } from './failures.ts';

/** How one asset ended. Cancelled assets have a count, not an outcome: they get no row. */
export const OUTCOME_KINDS = ['succeeded', 'not_visible', 'failed', 'blocked', 'skipped'] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

/** Tokens of one answer, zero for analyzers without tokens. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly thinkingTokens: number;
  readonly cachedTokens: number;
}

/** What calls took and cost. */
export interface Spent {
  readonly usage: Usage;
  /** US dollars; null = unknown, which is not 0. */
  readonly costUsd: number | null;
}

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, thinkingTokens: 0, cachedTokens: 0 };

export type FindingValue = string | number | boolean | null | readonly string[];
/** The answer: one value per field of the prompt. */
export type Findings = Readonly<Record<string, FindingValue>>;

/** What was seen in the images themselves; fills row columns that the source leaves empty. */
export interface Observed {
  /**
   * SHA-256 of each image's bytes, hex, in the order of the asset's images; null where the image could not be read. Of an image
   * at `gs://` that the model read itself what its bucket says: `md5:` or `crc32c:`, and hex.
   */
  readonly imageDigests?: readonly (string | null)[];
  readonly location?: Location;
  /** ISO 8601. */
  readonly capturedAt?: string;
}

/** What happened to one asset; at most 4 KB as JSON: larger findings are replaced by `findingsRef`. */
export interface Outcome extends Spent {
  readonly row: number;
  readonly assetId: string;
  readonly kind: OutcomeKind;
  readonly findings?: Findings;
  /** Names a blob that holds the findings. */
  readonly findingsRef?: string;
  readonly failure?: Failure;
  readonly model: string;
  readonly modelVersion: string;
  /** Calls started for this asset, this one included: > 1 means that something was repeated. */
  readonly attempts: number;
  readonly reused: boolean;
  readonly latencyMs: number;
  /** ISO 8601. */
  readonly analyzedAt: string;
  readonly observed?: Observed;
}

/** What a set of outcomes adds up to. */
export interface Tally {
  readonly counts: Readonly<Record<OutcomeKind, number>>;
  readonly reused: number;
  /** Outcomes by failure name. */
  readonly failures: Readonly<Partial<Record<FailureName, number>>>;
  readonly usage: Usage;
  /** Known cost; outcomes whose cost is unknown are in `unknownCost`. */
  readonly costUsd: number;
  readonly unknownCost: number;
  /** Versions of the model that answered, sorted, the first ten; missing where none is known. */
  readonly versions?: readonly string[];
}

export const EMPTY_TALLY: Tally = {
  counts: { succeeded: 0, not_visible: 0, failed: 0, blocked: 0, skipped: 0 },
  reused: 0,
  failures: {},
  usage: NO_USAGE,
  costUsd: 0,
  unknownCost: 0,
};

/** Adds one outcome to a tally. */
export function addOutcome(
  tally: Tally,
  outcome: Pick<Outcome, 'kind' | 'failure' | 'usage' | 'costUsd' | 'reused' | 'modelVersion'>,
): Tally {
  return addTallies(tally, {
    counts: { ...EMPTY_TALLY.counts, [outcome.kind]: 1 },
    reused: outcome.reused ? 1 : 0,
    failures: outcome.failure ? { [outcome.failure.name]: 1 } : {},
    usage: outcome.usage,
    costUsd: outcome.costUsd ?? 0,
    unknownCost: outcome.costUsd === null ? 1 : 0,
    ...(outcome.modelVersion !== '' && { versions: [outcome.modelVersion] }),
  });
}

export function addTallies(a: Tally, b: Tally): Tally {
  const failures: Partial<Record<FailureName, number>> = { ...a.failures };
  for (const [name, count] of Object.entries(b.failures) as [FailureName, number][]) {
    failures[name] = (failures[name] ?? 0) + count;
  }
  const versions = joinVersions(a.versions ?? [], b.versions ?? []);
  return {
    counts: {
      succeeded: a.counts.succeeded + b.counts.succeeded,
      not_visible: a.counts.not_visible + b.counts.not_visible,
      failed: a.counts.failed + b.counts.failed,
      blocked: a.counts.blocked + b.counts.blocked,
      skipped: a.counts.skipped + b.counts.skipped,
    },
    reused: a.reused + b.reused,
    failures,
    usage: addUsage(a.usage, b.usage),
    costUsd: a.costUsd + b.costUsd,
    unknownCost: a.unknownCost + b.unknownCost,
    ...(versions.length > 0 && { versions }),
  };
}

/** More would swell every report, and two are enough to warn of. */
export const MOST_VERSIONS = 10;

function joinVersions(a: readonly string[], b: readonly string[]): readonly string[] {
  if (b.every((version) => a.includes(version))) return a;
  return [...new Set([...a, ...b])].toSorted().slice(0, MOST_VERSIONS);
}

function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    thinkingTokens: a.thinkingTokens + b.thinkingTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
  };
}

/** Both together: unknown when one of them is. */
export function addSpent(a: Spent, b: Spent): Spent {
  const costUsd = a.costUsd === null || b.costUsd === null ? null : a.costUsd + b.costUsd;
  return { usage: addUsage(a.usage, b.usage), costUsd };
}

/** Assets of a tally: the sum over all outcome kinds. */
export function tallyTotal(tally: Tally): number {
  return OUTCOME_KINDS.reduce((sum, kind) => sum + tally.counts[kind], 0);
}
