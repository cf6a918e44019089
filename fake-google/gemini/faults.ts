import { createRuleBook } from '../rule-book.ts';
import type { Rule } from '../rule-book.ts';
import { seededRandom } from '../seeded-random.ts';
import type { GeminiRequest } from './read-request.ts';

/** What can go wrong with one call. */
export type Fault =
  /** Refused; 429 says how long to wait. */
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 403 | 404 | 500 | 503 | 504 }
  | { readonly kind: 'exhausted'; readonly waitMs: number }
  /** The quota of the day is used up. */
  | { readonly kind: 'exhausted-for-the-day' }
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

export interface FaultRule extends Rule<GeminiRequest, Fault> {
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
  const book = createRuleBook<{ readonly request: GeminiRequest; readonly attempt: number }, Fault>();
  let added = 0;
  const add = ({ when, share = 1, ...rule }: FaultRule): void => {
    const place = added++;
    book.add({
      ...rule,
      when: ({ request, attempt }) =>
        (when?.(request) ?? true) && seededRandom(seed, request.digest, attempt, place)() < share,
    });
  };
  for (const rule of rules) add(rule);
  return { add, clear: book.clear, faultFor: (request, attempt) => book.take({ request, attempt }) };
}
