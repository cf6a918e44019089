import { dirname } from 'node:path';
import type { Asset } from '../contracts/asset.ts';
import type { ListSpec } from '../contracts/source.ts';
import { describeSource } from './describe-source.ts';
import { detectEncoding } from './detect-encoding.ts';
import { toUri } from './image-refs.ts';
import { SourceError, type AssetSource, type OnReject } from './ports.ts';
import { tooLarge } from './record-to-asset.ts';
import { textLines, type TextLine } from './text-blocks.ts';

/** A text file of one image path or address per line: each is an asset, whose id is the line as it is written. */
export function createListSource(): AssetSource<ListSpec> {
  const source: AssetSource<ListSpec> = {
    kind: 'list',
    settle,
    describe: (spec, watch) => describeSource(source, spec, watch),
    async *assets(spec, onReject) {
      yield* readList(await settle(spec), onReject);
    },
  };
  return source;
}

async function settle(spec: ListSpec): Promise<Required<ListSpec>> {
  const encoding = spec.encoding ?? (await detectEncoding(spec.path));
  return { ...spec, encoding, base: spec.base ?? dirname(spec.path) };
}

async function* readList(spec: Required<ListSpec>, onReject: OnReject): AsyncIterable<Asset> {
  const seen = new Set<string>();
  let lines = 0;
  for await (const { line, text } of linesOf(spec)) {
    lines++;
    const assetId = text.trim();
    const asset = { assetId, images: [{ uri: toUri(assetId, spec.base) }], attributes: {} };
    const problem = tooLarge(asset);
    if (problem === null && !seen.has(assetId)) {
      seen.add(assetId);
      yield asset;
      continue;
    }
    const reason = problem ?? 'this image came before';
    onReject({
      line,
      kind: problem === null ? 'duplicate' : 'bad',
      reason,
      original: { columns: ['image'], cells: [text] },
    });
  }
  if (lines === 0)
    throw new SourceError('InvalidRequest', `${spec.path} is empty; write one image path or address per line`);
  if (seen.size === 0) throw new SourceError('InvalidRequest', `${spec.path}: none of its ${lines} lines can be used`);
}

async function* linesOf({ path, encoding }: Required<ListSpec>): AsyncIterable<TextLine> {
  for await (const lines of textLines(path, encoding)) yield* lines;
}
