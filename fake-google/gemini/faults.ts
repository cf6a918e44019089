import { seededRandom } from '../seeded-random.ts';
import type { GeminiRequest } from './read-request.ts';

/** What can go wrong with one call. */
export type Fault =
  /** Refused; 429 says how long to wait. */
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 403 | 404 | 500 | 503 | 504 }
  | { readonly kind: 'exhausted'; readonly waitMs: number }
  /** The API key exists no more. */
  | { readonly kind: 'key-revoked' }
  /** No answer ever comes. */
  | { readonly kind: 'hang' }
  /** The connection is cut after so many bytes of the answer's body. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** The body comes in pieces with a pause before each. */
  | { readonly kind: 'slow'; readonly pieces: number; readonly pauseMs: number }
  /** Safety: the prompt is blocked, with no candidate; or the answer is, with a candidate that has no content. */
  | { readonly kind: 'blocked-prompt' | 'blocked-answer' }
  | { readonly kind: 'recitation' }
  | { readonly kind: 'no-candidates' }
  /** The answer breaks off at the limit of output tokens. */
  | { readonly kind: 'truncated' }
  | { readonly kind: 'broken-json' }
  | { readonly kind: 'wrong-schema' }
  /** Another version of the model answers. */
  | { readonly kind: 'model-version'; readonly modelVersion: string };

export interface FaultRule {
  readonly fault: Fault;
  /** Default: every call. */
  readonly when?: (request: GeminiRequest) => boolean;
  /** How often it happens at most. Default: without end. */
  readonly times?: number;
  /** Share of the calls that it happens to, 0 to 1, chosen by seed. Default 1. */
  readonly share?: number;
}

export interface FaultBook {
  add(rule: FaultRule): void;
  clear(): void;
  /** The fault of the first rule that fits; `attempt` counts the calls about this asset from 1. */
  faultFor(request: GeminiRequest, attempt: number): Fault | undefined;
}

export function createFaultBook(seed: string, rules: readonly FaultRule[] = []): FaultBook {
  let book = rules.map(entryOf);
  return {
    add: (rule) => {
      book.push(entryOf(rule));
    },
    clear: () => {
      book = [];
    },
    faultFor: (request, attempt) => {
      const entry = book.find(
        ({ rule, left }, place) =>
          left > 0 &&
          (rule.when?.(request) ?? true) &&
          seededRandom(seed, request.digest, attempt, place)() < (rule.share ?? 1),
      );
      if (entry === undefined) return undefined;
      entry.left--;
      return entry.rule.fault;
    },
  };
}

function entryOf(rule: FaultRule): { readonly rule: FaultRule; left: number } {
  return { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
}
