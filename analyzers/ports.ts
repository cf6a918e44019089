import type { ImageRef } from '../contracts/asset.ts';
import type { Result } from '../contracts/failures.ts';
import type { Findings, Spent } from '../contracts/outcome.ts';
import type { Prompt } from '../contracts/prompt.ts';
import type { LoadResult, LookResult } from '../images/ports.ts';

export interface AnalyzerInput {
  readonly runId: string;
  readonly assetId: string;
  /** Row number in the manifest; -1 outside a run. */
  readonly row: number;
  /** Which call for this asset this is, from 1. */
  readonly attempt: number;
  readonly images: readonly ImageRef[];
  /** Reads one image: checked, bounded, and kept for the length of the call. A failure may carry a wait; pass it on. */
  readonly load: (image: ImageRef) => Promise<LoadResult>;
  /** Looks at an image at `gs://` that the model will read itself; its digest is remembered. */
  readonly look: (image: ImageRef) => Promise<LookResult>;
  readonly prompt: Prompt;
  readonly model: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly turn: Turn;
  /** Aborts when the answer is no longer wanted; the analyzer then throws the signal's reason. */
  readonly signal: AbortSignal;
}

/** For analyzers that let calls wait. */
export interface Turn {
  /** The call waits until it begins. The signal aborts when it is not to begin any more; throw its reason then. */
  wait(): AbortSignal;
  /** The call is about to begin. Throws when nothing new may; pass that on. */
  begin(): void;
}

/** Of calls that may begin at any time. */
export const ANY_TIME: Turn = { wait: () => new AbortController().signal, begin: () => undefined };

export interface AnalyzerAnswer extends Spent {
  /** False: the subject of the prompt is in none of the images; then `findings` is empty. */
  readonly visible: boolean;
  /** Not validated yet: the caller checks it against the fields of the prompt. */
  readonly findings: Findings;
  readonly modelVersion: string;
}

/** What a worker allows the calls of an access. */
export interface CallBounds {
  /** Longest call, in ms. */
  readonly timeoutMs: number;
  /** Calls under way at once, at least 1; others wait for their turn. */
  readonly callsAtOnce: number;
}

/** How a worker reaches Gemini through Vertex AI. */
export interface VertexAccess extends CallBounds {
  readonly kind: 'vertex';
  readonly project: string;
  /** A region, `us`, `eu` or `global`. */
  readonly location: string;
  /** A key file; without one Google's application default credentials are looked for. */
  readonly credentialsFile?: string;
  /** Server to ask in place of Google's. */
  readonly baseUrl?: string;
}

/** How a worker reaches Gemini through the Gemini API: calls take turns over the keys. */
export interface KeyAccess extends CallBounds {
  readonly kind: 'key';
  /** At least one. */
  readonly keys: readonly string[];
  readonly baseUrl?: string;
}

/** How each analyzer of a service reaches its model; undefined where nothing says how. */
export interface ModelAccess {
  readonly gemini: VertexAccess | KeyAccess | undefined;
  readonly vertexai: VertexAccess | undefined;
}

/** What the model was paid for: also for an answer that cannot be used. */
export type AnswerSpent = Spent & Pick<AnalyzerAnswer, 'modelVersion'>;

/** A failure with how long the model asked us to wait, in ms. */
export interface AnalyzerFailure {
  readonly waitMs?: number;
  /** True when the call surely cost nothing (refused connection, 429): it may be retried inside Temporal. */
  readonly unpaid: boolean;
}

export type AnalyzerResult = Result<AnalyzerAnswer> & {
  readonly retry?: AnalyzerFailure;
  readonly spent?: AnswerSpent;
};

/** What looks at an asset's images and answers. Knows nothing of Temporal. */
export interface Analyzer {
  readonly kind: string;
  readonly defaultModel: string;
  /** False: there is only the default model, and asking for another is `InvalidRequest`. */
  readonly takesModel: boolean;
  /** Lane it runs on. */
  readonly lane: string;
  /** What this process lacks for asking it, in one sentence with the fix; left out when nothing. Requests are checked all the same. */
  readonly lacks?: string;
  /** Null when it can answer this prompt; otherwise one sentence that says why not. */
  refuses(prompt: Prompt): string | null;
  /** Checks and completes settings; a failure is `InvalidRequest` and names the setting. */
  parseSettings(settings: Readonly<Record<string, unknown>>): Result<Readonly<Record<string, unknown>>>;
  /** Expected failures are values; an unexpected throw becomes `WorkerBug`. */
  analyze(input: AnalyzerInput): Promise<AnalyzerResult>;
}
