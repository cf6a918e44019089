import { stripVTControlCharacters, styleText } from 'node:util';
import { cleanText } from './clean-text.ts';

export interface TableColumn {
  readonly title: string;
  /** Numbers stand at the right. Default: left. */
  readonly align?: 'left' | 'right';
  /** Cut only when nothing else is left to cut: what people copy. */
  readonly keep?: boolean;
  /** Which end is cut: the front of a path says less than its end. Default: end. */
  readonly cutAt?: 'start' | 'end';
}

const GAP = '  ';
const LEAST_WIDTH = 6;

/** Rows under their titles, each column as wide as it needs; when `width` is not enough, the widest columns are cut with …. */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(cleanCell))];
  const widths = fit(
    columns.map((_, index) => Math.max(...cells.map((row) => textWidth(row[index] ?? '')))),
    columns.map(({ keep }) => keep === true),
    width - GAP.length * (columns.length - 1),
  );
  return cells
    .map((row) =>
      columns
        .map(({ align, cutAt }, index) => {
          const space = widths[index] ?? 0;
          return pad(cut(row[index] ?? '', space, cutAt), space, align);
        })
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}

/** The same rows for those who hear them: each as lines of `title: cell`, nothing cut, empty cells left out. */
export function formatList(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  return rows
    .map((row) =>
      columns
        .map(({ title }, index) => [title, cleanCell(row[index] ?? '')] as const)
        .filter(([, cell]) => cell !== '')
        .map(([title, cell]) => `${title}: ${cell}`)
        .join('\n'),
    )
    .join('\n\n');
}

/** The same rows for programs: one line each, cells separated by tabs. */
export function formatTsv(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title);
  return [titles, ...rows]
    .map((row) => row.map((cell) => cleanText(stripVTControlCharacters(cell))).join('\t'))
    .join('\n');
}

/** Text cut to a width in columns, with … in place of what is missing. */
export function cut(text: string, width: number, cutAt: TableColumn['cutAt'] = 'end'): string {
  if (textWidth(text) <= width) return text;
  const characters = Array.from(stripVTControlCharacters(text));
  let kept = '';
  for (const character of cutAt === 'start' ? characters.toReversed() : characters) {
    const longer = cutAt === 'start' ? character + kept : kept + character;
    if (textWidth(longer) > width - 1) break;
    kept = longer;
  }
  return cutAt === 'start' ? `…${kept}` : `${kept}…`;
}

/** Columns that a text takes on a terminal: wide characters take two, combining ones none. */
function textWidth(text: string): number {
  const plain = stripVTControlCharacters(text);
  let width = 0;
  for (const character of plain) {
    if (/\p{M}/u.test(character)) continue;
    width +=
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

/** Colours are ours and stay; everything else that steers a terminal goes. */
function cleanCell(cell: string): string {
  const text = stripVTControlCharacters(cell);
  const clean = cleanText(text);
  const colour = COLOURS.find((name) => styleText(name, text, { validateStream: false }) === cell);
  return colour ? styleText(colour, clean, { validateStream: false }) : clean;
}

const COLOURS = ['green', 'yellow', 'red', 'cyan'] as const;

function pad(text: string, width: number, align: TableColumn['align']): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'right' ? space + text : text + space;
}

function fit(needed: readonly number[], kept: readonly boolean[], width: number): readonly number[] {
  const widths = [...needed];
  for (const mayCut of [(index: number) => kept[index] !== true, () => true]) {
    shrink(widths, mayCut, width);
  }
  return widths;
}

/** Takes from the widest columns first. */
function shrink(widths: number[], mayCut: (index: number) => boolean, width: number): void {
  const indexes = widths.map((_, index) => index).filter(mayCut);
  let excess = widths.reduce((sum, each) => sum + each, 0) - width;
  while (excess > 0) {
    const widest = Math.max(LEAST_WIDTH, ...indexes.map((index) => widths[index] ?? 0));
    if (widest === LEAST_WIDTH) return;
    const index = indexes.findLast((each) => widths[each] === widest) ?? 0;
    widths[index] = widest - 1;
    excess -= 1;
  }
}
