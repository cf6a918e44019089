import { imageAsIdText, isImageTheId } from '../../contracts/image-as-id.ts';
import { oddCellsText, type OddCells } from '../../contracts/odd-cells.ts';
import { sourceEndText } from '../../contracts/source-end.ts';
import type { SourceSpec } from '../../contracts/source.ts';
import { snapshotEndText, unseenAssetsText } from '../../contracts/street-facts.ts';
import type { AssetSource } from '../../sources/ports.ts';

interface ReadSource {
  readonly source: Pick<AssetSource, 'idCandidate' | 'endsAt' | 'oddities' | 'street'>;
  /** As it was asked for. */
  readonly asked: SourceSpec;
  readonly settled: SourceSpec;
  readonly oddCells: readonly OddCells[];
}

/** What a person should know of how a source was read, one sentence each. Throws `SourceError`. */
export async function sourceNotes({ source, asked, settled, oddCells }: ReadSource): Promise<readonly string[]> {
  const saysId = 'map' in asked && asked.map?.id !== undefined;
  const isGuess = isImageTheId(settled) && !saysId;
  const endsAt = (await source.endsAt?.(settled)) ?? null;
  const { snapshot, unseenAssets } = (await source.street?.(settled)) ?? {};
  return [
    ...(isGuess ? [`${imageAsIdText((await source.idCandidate?.(settled)) ?? null)}.`] : []),
    ...(settled.kind === 'bigquery' && settled.asOf !== undefined
      ? [`The table is read as it was at ${settled.asOf}; BigQuery remembers that for 2 to 7 days.`]
      : []),
    ...(endsAt === null ? [] : [`${sourceEndText(endsAt)}.`]),
    ...(snapshot === undefined ? [] : [`${snapshotEndText(snapshot, Date.now())}.`]),
    ...(unseenAssets === undefined || settled.kind !== 'bigquery'
      ? []
      : [`${unseenAssetsText(unseenAssets, settled.filters)}.`]),
    ...((await source.oddities?.(settled)) ?? []).map((odd) => `${odd}.`),
    ...oddCells.map(
      (odd) =>
        `${oddCellsText(odd)}. ${odd.count === 1 ? 'It is' : 'They are'} carried along as ${odd.count === 1 ? 'an attribute' : 'attributes'}.`,
    ),
  ];
}
