import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { oddCellsText, type OddCells } from '../../contracts/odd-cells.ts';
import { writeAll, type BadCase, type BadGroup, type Bench, type End, type Files } from './bad-case.ts';

interface Inspected {
  readonly rejected: number;
  readonly rejects: readonly { readonly kind: string; readonly reason: string }[];
}

/** A source of which `sources inspect` rejects an entry. */
function entry(what: string, files: Files, argv: readonly string[], todo: string): BadCase {
  return {
    what,
    todo,
    async make(bench) {
      await writeAll(bench, files);
      return firstReject(bench, argv);
    },
  };
}

async function firstReject(bench: Bench, argv: readonly string[]): Promise<End> {
  const { code, out, err } = await bench.sightline(['sources', 'inspect', ...argv, '--images', '0', '--json']);
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${err}`);
  const [first] = (JSON.parse(out) as Inspected).rejects;
  if (first === undefined) throw new Error(`${argv.join(' ')} rejects nothing`);
  return { message: first.reason, ends: first.kind === 'duplicate' ? 'rejected as duplicate' : 'rejected' };
}

/** Rows below a header, with one that is good. */
function table(...rows: readonly string[]): Files {
  return { 'poles.csv': ['id,image,note', 'good,a.jpg,x', ...rows, ''].join('\n') };
}

function lines(...rows: readonly string[]): Files {
  return { 'poles.jsonl': ['{"id":"good","image":"a.jpg"}', ...rows, ''].join('\n') };
}

const many = Array.from({ length: 201 }, (_, index) => `${index}.jpg`);

const inTables: BadGroup = {
  title: 'Entries of tables and lists',
  intro:
    'The run takes all others, and `runs show` counts those that it could not take. They stand in the rejects file beside the manifest, as they were, with `sightline_line`, `sightline_reason` and, for rows of another length, `sightline_cells`: mended, that file is a source ([how](how-to/bring-your-images.md#what-could-not-be-taken)).',
  cases: [
    entry('a row that is too short', table('b,b.jpg'), ['poles.csv'], 'add what is missing'),
    entry('a row that is too long', table('b,b.jpg,oak, old'), ['poles.csv'], 'put the cell with the comma in quotes'),
    entry('a row without id', table(',b.jpg,x'), ['poles.csv'], 'give it one'),
    entry(
      'a row without image, where no column is the id',
      { 'poles.csv': 'nr,image\n1,a.jpg\n2,\n' },
      ['poles.csv'],
      '`--map id=nr`',
    ),
    entry(
      'an image that two rows share, where no column is the id',
      { 'poles.csv': 'nr,image\n1,a.jpg\n2,a.jpg\n' },
      ['poles.csv'],
      '`--map id=nr`',
    ),
    entry('an id that came before', table('good,b.jpg,x'), ['poles.csv'], 'remove one, or change its id'),
    entry(
      'rows of an asset that do not stand together',
      table('b,b.jpg,x', 'good,c.jpg,x'),
      ['poles.csv', '--rows-per-asset', 'many'],
      'sort the file by id',
    ),
    entry('an id of over 500 characters', table(`${'b'.repeat(501)},b.jpg,x`), ['poles.csv'], 'name another column'),
    entry('a row of over 16 KB', table(`b,b.jpg,${'x'.repeat(17_000)}`), ['poles.csv'], 'drop the large column'),
    entry(
      'over 200 images in a row',
      lines(JSON.stringify({ id: 'b', image: many })),
      ['poles.jsonl'],
      'make several assets of it',
    ),
    entry('an image that is a number', lines('{"id":"b","image":17}'), ['poles.jsonl'], 'write its path'),
    entry('a line that is not JSON', lines('{"id":"b", image: "b.jpg"}'), ['poles.jsonl'], 'mend it'),
    entry('a line that is no object', lines('["b","b.jpg"]'), ['poles.jsonl'], 'name its values'),
    entry('an image that came before in a list', { 'photos.txt': 'a.jpg\na.jpg\n' }, ['photos.txt'], 'nothing'),
  ],
};

const inFolders: BadGroup = {
  title: 'Entries of folders',
  intro: 'The run takes all others; the rejects file names the files.',
  cases: [
    entry(
      'a name that does not fit the rule',
      { 'photos/17_a.jpg': '', 'photos/cover.jpg': '' },
      ['photos', '--group', '{id}_*'],
      'rename it',
    ),
    entry(
      'over 200 images in a sub-folder',
      { 'photos/a.jpg': '', ...Object.fromEntries(many.map((name) => [`photos/all/${name}`, ''])) },
      ['photos'],
      'name the sub-folder itself as the source, or group it',
    ),
    {
      what: 'a name that is not UTF-8',
      todo: 'rename it, for example with `convmv`',
      async make(bench) {
        await bench.write('photos/a.jpg', '');
        await writeFile(
          Buffer.concat([Buffer.from(join(bench.dir, 'photos', 'b')), Buffer.from([0xe4, 0x2e, 0x6a, 0x70, 0x67])]),
          '',
        );
        return firstReject(bench, ['photos']);
      },
    },
    {
      what: 'a link to what is read anyway',
      todo: 'nothing',
      async make(bench) {
        await mkdir(join(bench.dir, 'photos', 'poles'), { recursive: true });
        await bench.write('photos/poles/a.jpg', '');
        await symlink(join(bench.dir, 'photos', 'poles'), join(bench.dir, 'photos', 'again'));
        return firstReject(bench, ['photos']);
      },
    },
  ],
};

interface Odd {
  readonly odd_cells: readonly OddCells[];
}

/** A table of which \`sources inspect\` does not understand a cell. */
function cell(what: string, column: string, text: string, todo: string): BadCase {
  return {
    what,
    todo,
    async make(bench) {
      await bench.write('poles.csv', `id;image;lat;lng;captured_at\na;a.jpg;${text}\n`);
      const { out } = await bench.sightline(['sources', 'inspect', 'poles.csv', '--images', '0', '--json']);
      const odd = (JSON.parse(out) as Odd).odd_cells.find(({ first }) => first.column === column);
      if (odd === undefined) throw new Error(`${text} is understood`);
      return { message: oddCellsText(odd), ends: 'an attribute' };
    },
  };
}

const cells: BadGroup = {
  title: 'Cells for place and time',
  intro:
    'The asset is taken, the cell stays an attribute, and EXIF does not speak in its place. `sources inspect`, the start of a run and `runs show` count such cells by column.',
  cases: [
    cell('a place in words', 'lat', 'north;11.5;', 'write degrees'),
    cell('degrees, minutes and seconds', 'lat', "48°8'13;11.5;", 'convert them'),
    cell('degrees beyond the poles', 'lat', '91;11.5;', 'see whether latitude and longitude changed places'),
    cell('a date that could be two', 'captured_at', ';;5/4/2026', 'write the year first'),
    cell('a day that there is not', 'captured_at', ';;31.02.2026', 'mend it'),
  ],
};

/** Entries that become no asset, and cells that are not understood, of sources that are good otherwise. */
export const ENTRY_GROUPS: readonly BadGroup[] = [inTables, cells, inFolders];
