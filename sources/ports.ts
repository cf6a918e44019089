import type { Asset } from '../contracts/asset.ts';
import type { Result } from '../contracts/failures.ts';
import type { SourceSpec } from '../contracts/run.ts';

/** An entry of the source that becomes no asset. */
export interface Reject {
  /** Line of the file, from 1; null where there are no lines. */
  readonly line: number | null;
  readonly reason: string;
}

export interface SourceDescription {
  readonly assets: number;
  readonly images: number;
  readonly rejected: number;
  /** The first few. */
  readonly rejects: readonly Reject[];
  readonly sample: readonly Asset[];
}

/** Called once per rejected entry, in order. */
export type OnReject = (reject: Reject) => void;

/**
 * Where assets come from. Both methods report a source that cannot be used (missing, empty, ragged, wrong encoding, no such
 * column) as `InvalidRequest`, and one that is there but cannot be read just now as `SourceUnavailable`, with a message that
 * names the thing and the fix.
 */
export interface AssetSource<Spec extends SourceSpec = SourceSpec> {
  readonly kind: Spec['kind'];
  describe(spec: Spec): Promise<Result<SourceDescription>>;
  /** Assets in a stable order (the same source yields the same rows), each id once. Throws `SourceError`. */
  assets(spec: Spec, onReject: OnReject): AsyncIterable<Asset>;
}

/** Ends the stream of `assets`; carries an expected failure. */
export class SourceError extends Error {
  override name = 'SourceError';
  readonly failure: 'InvalidRequest' | 'SourceUnavailable';

  constructor(failure: 'InvalidRequest' | 'SourceUnavailable', message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}
