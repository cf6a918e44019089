import type { Asset } from '../contracts/asset.ts';
import type { Result } from '../contracts/failures.ts';
import type { OddCell, OddCells } from '../contracts/odd-cells.ts';
import type { SourceSpec } from '../contracts/source.ts';
import type { StreetFacts } from '../contracts/street-facts.ts';

/** An entry of the source that becomes no asset. */
export interface Reject {
  /** Line of the file on which the entry begins, from 1; null where there are no lines. */
  readonly line: number | null;
  /** `duplicate`: its id came before. `bad`: anything else. */
  readonly kind: 'duplicate' | 'bad';
  readonly reason: string;
  readonly original: Original;
}

/** An entry as it stood in the source, so that it can be mended and brought back. */
export type Original =
  | { readonly columns: readonly string[]; readonly cells: readonly string[] }
  /** One line of JSON, or what should have been one. */
  | { readonly text: string };

/** Names of columns (or keys) that a rejects file adds; sources pass over them, so that the file can be brought back. */
export const REJECT_COLUMNS = ['sightline_line', 'sightline_reason', 'sightline_cells'] as const;
/**
 * Of a row that has more or fewer cells than its header: all of them, as a JSON list, so that the file itself has rows of one
 * length. A row stays rejected until this is emptied.
 */
export const CELLS_COLUMN = REJECT_COLUMNS[2];

export interface SourceDescription<Spec extends SourceSpec = SourceSpec> {
  /** The specification with nothing left open. */
  readonly spec: Spec;
  readonly assets: number;
  readonly images: number;
  readonly rejected: number;
  /** Those among the rejected whose id came before. */
  readonly duplicates: number;
  /** The first few. */
  readonly rejects: readonly Reject[];
  readonly sample: readonly Asset[];
  /** Cells of assets that are no place or no time although their column says so, by column. */
  readonly oddCells: readonly OddCells[];
  /** What one reading takes, where it is paid for. */
  readonly reading?: { readonly bytes: number; readonly costUsd: number };
  /** When the source goes away by itself, ISO 8601; left out where it stays, or that is not known. */
  readonly endsAt?: string;
  /** What is odd about the source as a whole, one sentence each; left out when nothing is. */
  readonly oddities?: readonly string[];
  /** Of street imagery only. */
  readonly street?: StreetFacts;
}

/** Called once per rejected entry, in order. */
export type OnReject = (reject: Reject) => void;
/** Called once per odd cell of what became an asset, in order. */
export type OnOddCell = (cell: OddCell) => void;

/** Who else wants to see what is read. */
export interface SourceWatch {
  readonly onAsset?: (asset: Asset) => void;
  readonly onReject?: OnReject;
}

/**
 * Where assets come from. All methods report a source that cannot be used (missing, empty, ragged, unknown encoding, no such
 * column) as `InvalidRequest`, and one that is there but cannot be read just now as `SourceUnavailable`, with a message that
 * names the thing and the fix.
 */
export interface AssetSource<Spec extends SourceSpec = SourceSpec> {
  readonly kind: Spec['kind'];
  /** Fills in what the specification leaves open (encoding, columns, ...) by looking at the start of the source. Throws `SourceError`. */
  settle(spec: Spec): Promise<Spec>;
  /** Reads the source to its end and says what is there; `watch` sees all of it, the description has the first few only. */
  describe(spec: Spec, watch?: SourceWatch): Promise<Result<SourceDescription<Spec>>>;
  /** Assets in a stable order (the same source yields the same rows), each id once. Throws `SourceError`. */
  assets(spec: Spec, onReject: OnReject, onOddCell?: OnOddCell): AsyncIterable<Asset>;
  /** The same assets as one statement. Undefined or null: there is none. Takes a settled specification. */
  statement?(spec: Spec): Promise<AssetStatement | null>;
  /**
   * The column that could hold the ids, by its first rows, where the images stand for them; it is only ever proposed. Null when
   * none or several could. Undefined: a source without columns. Throws `SourceError`.
   */
  idCandidate?(spec: Spec): Promise<string | null>;
  /** What is odd about it as a whole, one sentence each. Undefined: that is not known. Throws `SourceError`. */
  oddities?(spec: Spec): Promise<readonly string[]>;
  /** When the source goes away by itself, ISO 8601; null: it stays. Undefined: that is not known. Throws `SourceError`. */
  endsAt?(spec: Spec): Promise<string | null>;
  /** What stands beside it, where it may be street imagery. Takes a settled specification. Throws `SourceError`. */
  street?(spec: Spec): Promise<StreetFacts>;
}

/** All assets of a source as one statement for the database that holds, or can read, it. */
export type AssetStatement = DuckDbStatement | BigQueryStatement;

interface CommonStatement {
  /**
   * Gives the columns `asset_id`, `image_uris`, `latitude`, `longitude`, `detection_time` (text) and `attributes` (JSON), in the
   * order of the source if it has one. It fails on whatever it cannot read exactly as `assets` does and can see; only ids that are
   * there twice are left for the caller to notice.
   */
  readonly sql: string;
}

/** Instead of `image_uris` also `image_uri`, where each asset has one image, and a struct that DuckDB writes as the same JSON. */
export interface DuckDbStatement extends CommonStatement {
  readonly dialect: 'duckdb';
  /** False where the source holds something that the statement reads otherwise and cannot see. May be asked while it runs. */
  readonly holds: () => Promise<boolean>;
}

/** Gives `image_notes` too: what else is known about the images, as a JSON list of objects beside `image_uris`, or null. */
export interface BigQueryStatement extends CommonStatement {
  readonly dialect: 'bigquery';
  /** Gives what is rejected: `kind` and `reason` as in `Reject`, and `entry`, the original as JSON. */
  readonly rejectsSql: string;
  /** Of each of the two. */
  readonly maximumBytesBilled: number;
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
