import type { AnalyzeAssetInput } from '../../contracts/activities.ts';
import type { Limits } from '../../contracts/run.ts';

/** What a bare fan-out is told; `limits` as in a run of Sightline. */
export interface BareRunInput {
  readonly total: number;
  readonly limits: Pick<Limits, 'shardSize' | 'shardsInFlight' | 'assetsInFlight'>;
  /** Folder that the made-up image paths lie in. */
  readonly folder: string;
  /** Set by the workflow itself when it continues as new. */
  readonly nextRow?: number;
}

export interface BareShardInput extends Pick<BareRunInput, 'limits' | 'folder'> {
  readonly runId: string;
  readonly shard: number;
  readonly start: number;
  readonly end: number;
}

/** As long as the name of a frozen specification. */
const SPEC = '0'.repeat(64);

/** Byte for byte as large as what a shard of Sightline sends for a CSV of ids and image paths. */
export function callInput({ runId, shard, folder }: BareShardInput, row: number): AnalyzeAssetInput {
  const asset = {
    row,
    assetId: `asset-${row}`,
    images: [{ uri: `${folder}/images/${row}.jpg` }],
    attributes: {},
  };
  return { runId, shard, spec: SPEC, asset, priorAttempts: 0 };
}
