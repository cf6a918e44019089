import type { Asset } from '../../contracts/asset.ts';
import { oddCellsText } from '../../contracts/odd-cells.ts';
import { sourceEndText } from '../../contracts/source-end.ts';
import { snapshotEndText, unseenAssetsText, type ClassCount } from '../../contracts/street-facts.ts';
import type { SourceDescription } from '../../sources/ports.ts';
import type { ImageLook } from '../look-at-images.ts';
import { cleanText } from './clean-text.ts';
import { countOf, formatCount } from './numbers.ts';
import { cellText } from './row-text.ts';
import { columnsText, readAs, rejectedText } from './source-text.ts';
import { formatTable } from './table.ts';

export interface InspectText {
  readonly description: SourceDescription;
  readonly images: readonly ImageLook[];
  /** What is to be said about the ids, if anything. */
  readonly idText: string | null;
  readonly showPath: (path: string) => string;
  readonly width: number;
}

const LABEL_WIDTH = 10;

/** A source for people: how it is read, what is in it, what is not, and the first few assets. */
export function inspectText({ description, images, idText, showPath, width }: InspectText): string {
  const { spec, assets, images: imageCount, sample, street = {} } = description;
  const lines: [label: string, text: string][] = [];
  const columns = columnsText(spec);
  if (columns !== '') lines.push(['columns', columns]);
  if (idText !== null) lines.push(['', idText]);
  const carried = [...new Set(sample.flatMap(({ attributes }) => Object.keys(attributes)))];
  if (carried.length > 0) lines.push(['carried', `along as attributes: ${carried.join(', ')}`]);
  lines.push(['assets', `${formatCount(assets)} with ${countOf(imageCount, 'image')}`]);
  if (street.classes?.length) lines.push(['classes', street.classes.map(classText).join(', ')]);
  if (street.unseenAssets !== undefined && spec.kind === 'bigquery') {
    lines.push(['', unseenAssetsText(street.unseenAssets, spec.filters)]);
  }
  if (description.reading) lines.push(['reading', readingText(description.reading)]);
  for (const odd of description.oddities ?? []) lines.push(['odd', odd]);
  if (description.endsAt !== undefined) lines.push(['ends', sourceEndText(description.endsAt)]);
  if (street.snapshot) lines.push(['snapshot', snapshotEndText(street.snapshot, Date.now())]);
  lines.push(
    ...description.oddCells.map((odd, index): [string, string] => [index === 0 ? 'unclear' : '', oddCellsText(odd)]),
  );
  lines.push(...rejectLines(description), ...imageLines(images, showPath));
  return [
    `${cleanText(showPath(spec.path))}  ${readAs(spec)}`,
    ...lines.map(([label, text]) => `  ${label.padEnd(LABEL_WIDTH)}${cleanText(text)}`),
    '',
    sampleTable(sample, showPath, width),
  ].join('\n');
}

function classText({ assetClass, assets }: ClassCount): string {
  return `${assetClass} ${formatCount(assets)}`;
}

/** `12,400,000 bytes each time, about $0.0001 on demand`. */
function readingText({ bytes, costUsd }: NonNullable<SourceDescription['reading']>): string {
  const cost = costUsd < 0.01 ? 'less than $0.01' : `about $${costUsd.toFixed(2)}`;
  return `${countOf(bytes, 'byte')} each time, ${cost} on demand`;
}

function rejectLines(description: SourceDescription): [string, string][] {
  if (description.rejected === 0) return [];
  const rest = description.rejected - description.rejects.length;
  return [
    ['rejected', rejectedText(description)],
    ...description.rejects.map(({ line, reason }): [string, string] => [
      '',
      line === null ? reason : `line ${line}: ${reason}`,
    ]),
    ...(rest > 0 ? [['', `and ${formatCount(rest)} more; all of them with --rejects FILE`] as [string, string]] : []),
  ];
}

function imageLines(images: readonly ImageLook[], showPath: (path: string) => string): [string, string][] {
  if (images.length === 0) return [];
  const silent = images.filter(({ failure }) => failure !== undefined);
  const answer = `${formatCount(images.length - silent.length)} of the first ${formatCount(images.length)} can be read`;
  return [
    ['images', answer],
    ...silent
      .slice(0, 5)
      .map(({ uri, failure }): [string, string] => [
        '',
        `${failure?.name}: ${failure?.message.replace(uri, showPath(uri))}`,
      ]),
    ...(silent.length > 5 ? [['', `and ${formatCount(silent.length - 5)} more`] as [string, string]] : []),
  ];
}

function sampleTable(sample: readonly Asset[], showPath: (path: string) => string, width: number): string {
  const columns = [
    { title: 'asset_id', keep: true },
    { title: 'images', cutAt: 'start' as const },
    { title: 'location' },
    { title: 'time' },
    { title: 'attributes' },
  ];
  const rows = sample.map(({ assetId, images, location, detectionTime, attributes }) => [
    assetId,
    imagesText(images, showPath),
    location ? `${location.latitude}, ${location.longitude}` : '',
    detectionTime ?? '',
    Object.entries(attributes)
      .map(([name, value]) => `${name}=${cellText(value)}`)
      .join(' '),
  ]);
  const shown = columns.map((_, index) => rows.some((row) => row[index] !== ''));
  const keep = <T>(cells: readonly T[]): readonly T[] => cells.filter((_, index) => shown[index]);
  return formatTable(keep(columns), rows.map(keep), width);
}

function imagesText(images: Asset['images'], showPath: (path: string) => string): string {
  const [first, ...others] = images;
  if (!first) return '';
  return others.length === 0 ? showPath(first.uri) : `${showPath(first.uri)} +${others.length}`;
}
