import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceErrorOf } from '../../sources/source-error-of.ts';
import { endOf, writeAll, type BadCase, type BadGroup, type Files } from './bad-case.ts';
import { parquetFile } from './parquet-file.ts';

/** A source that `sources inspect` refuses. */
function source(what: string, files: Files, argv: readonly string[], todo: string): BadCase {
  return {
    what,
    todo,
    async make(bench) {
      await writeAll(bench, files);
      return endOf(await bench.sightline(['sources', 'inspect', ...argv]));
    },
  };
}

/** A file that is there, of which the system says this when it is opened. */
function unreadable(what: string, code: string, ends: string, todo: string): BadCase {
  return {
    what,
    todo,
    make: async ({ dir }) => {
      const error = Object.assign(new Error(code), { code });
      return { message: sourceErrorOf(join(dir, 'poles.csv'), 'file', error).message, ends };
    },
  };
}

const GOOD = 'id,image\na,a.jpg\n';
const EXIT = 'Nothing is started and nothing is written.';

const places: BadGroup = {
  title: 'The place of a source',
  intro: `What \`sources inspect\` and \`runs start\` say alike. ${EXIT}`,
  cases: [
    source('a path where nothing is', {}, ['nowhere.csv'], 'correct the path; it starts from the working folder'),
    source('no path at all', {}, [''], 'name the source'),
    source('an address', {}, ['https://example.com/photos'], 'write the addresses of the images into a file'),
    source('a file whose ending says nothing', { 'poles.dat': GOOD }, ['poles.dat'], '`--format csv`, or rename it'),
    source(
      'a file as a folder',
      { 'poles.csv': GOOD },
      ['poles.csv', '--format', 'folder'],
      'leave `--format` out, or name the folder',
    ),
    {
      what: 'a folder as a file',
      todo: 'leave `--format` out, or name the file in it',
      make: async (bench) => {
        await mkdir(join(bench.dir, 'photos'));
        return endOf(await bench.sightline(['sources', 'inspect', 'photos', '--format', 'csv']));
      },
    },
    unreadable('a file that the worker may not read', 'EACCES', 'exit code 2', '`chmod a+r`, or run it as its owner'),
    unreadable('a disk or share that fails', 'EIO', 'tried again for 24 hours', 'bring it back; the run goes on'),
  ],
};

const folders: BadGroup = {
  title: 'Folders',
  intro: `What \`sources inspect\` says; a run ends as \`failed\`, exit code 10, because a worker finds it. Nothing is written.`,
  cases: [
    {
      what: 'an empty folder',
      todo: 'name another one',
      make: async (bench) => {
        await mkdir(join(bench.dir, 'photos'));
        return endOf(await bench.sightline(['sources', 'inspect', 'photos']));
      },
    },
    source('a folder without images', { 'photos/notes.txt': 'x' }, ['photos'], 'name another one'),
    source(
      'a rule without `{id}`',
      { 'photos/17_a.jpg': '' },
      ['photos', '--group', '*_front'],
      'put `{id}` where the names of one asset agree',
    ),
    source(
      'a rule that no name fits',
      { 'photos/17-a.jpg': '', 'photos/18-a.jpg': '' },
      ['photos', '--group', '{id}_*'],
      '`--group "{id}-*"`',
    ),
  ],
};

const columns: BadGroup = {
  title: 'Tables: rows and columns',
  intro: `CSV, JSON Lines and Parquet. What is wrong in the first 200 rows is found before a run starts, what is further down by the worker: exit code 10 then. ${EXIT}`,
  cases: [
    source('an empty file', { 'poles.csv': '' }, ['poles.csv'], 'export the table again'),
    source('a header alone', { 'poles.csv': 'id,image\n' }, ['poles.csv'], 'add rows'),
    source(
      'rows of another length than the header, all of them',
      { 'poles.csv': 'id,image\na\nb,b.jpg,more\n' },
      ['poles.csv'],
      'quote cells that hold the separator; see `--delimiter`',
    ),
    source('no column of images', { 'poles.csv': 'id,colour\na,red\n' }, ['poles.csv'], '`--map image=NAME`'),
    source(
      'several columns that could be the images',
      { 'poles.csv': 'id,front,back\na,a.jpg,b.jpg\n' },
      ['poles.csv'],
      '`--map image=front`, or `--map image=front,image=back` for two images of each',
    ),
    source(
      'a column that is not there',
      { 'poles.csv': GOOD },
      ['poles.csv', '--map', 'id=pole'],
      'take a name from the list',
    ),
    source(
      'a meaning that there is not',
      { 'poles.csv': GOOD },
      ['poles.csv', '--map', 'picture=image'],
      '`--map image=...`',
    ),
    source('a pair without a column', { 'poles.csv': GOOD }, ['poles.csv', '--map', 'image'], '`--map image=NAME`'),
    source(
      'two columns for the id',
      { 'poles.csv': GOOD },
      ['poles.csv', '--map', 'id=id,id=image'],
      'name one; if two make the id, join them in the file',
    ),
    source(
      'a column for half a place',
      { 'poles.csv': 'id,image,north\na,a.jpg,48\n' },
      ['poles.csv', '--map', 'latitude=north'],
      'name the other one as well',
    ),
    source('two columns of one name', { 'poles.csv': 'id,image,image\na,b,c\n' }, ['poles.csv'], 'rename one'),
    source(
      'a quote that stays open',
      { 'poles.csv': 'id,image\na,"a.jpg\nb,b.jpg\n' },
      ['poles.csv'],
      'close it; a quote inside a cell is written twice',
    ),
    source(
      'a JSON array in place of JSON Lines',
      { 'poles.jsonl': '[\n{"id":"a","image":"a.jpg"},\n{"id":"b","image":"b.jpg"}\n]\n' },
      ['poles.jsonl'],
      "`jq -c '.[]' poles.json > poles.jsonl`",
    ),
    source('a CSV file that is called Parquet', { 'poles.parquet': GOOD }, ['poles.parquet'], 'rename it'),
    {
      what: 'a Parquet file that is cut off',
      todo: 'copy it again',
      async make(bench) {
        const whole = await parquetFile(bench.dir, "SELECT 'a' AS id, 'a.jpg' AS image");
        await bench.write('poles.parquet', whole.subarray(0, -20));
        return endOf(await bench.sightline(['sources', 'inspect', 'poles.parquet']));
      },
    },
    {
      what: 'a Parquet file without rows',
      todo: 'export it again',
      async make(bench) {
        const none = await parquetFile(bench.dir, "SELECT 'a' AS id, 'a.jpg' AS image LIMIT 0");
        await bench.write('poles.parquet', none);
        return endOf(await bench.sightline(['sources', 'inspect', 'poles.parquet']));
      },
    },
    source('an empty list', { 'photos.txt': '\n\n' }, ['photos.txt'], 'write an image per line'),
    source(
      'an option that belongs to another kind',
      { 'poles.csv': GOOD },
      ['poles.csv', '--group', '{id}_*', '--format', 'csv'],
      'leave it out',
    ),
    source('a separator that there is not', { 'poles.csv': GOOD }, ['poles.csv', '--delimiter', 'dot'], 'name another'),
  ],
};

const BYTES = {
  workbook: Buffer.from('PK\x03\x04 xl/workbook.xml', 'latin1'),
  oldWorkbook: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]),
  gzip: Buffer.from([0x1f, 0x8b, 8, 0, 1, 2]),
  zstd: Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]),
  mixed: Buffer.concat([Buffer.from('id,image\nä,a.jpg\n'), Buffer.from('\xf6,b.jpg\n', 'latin1')]),
  latin1: Buffer.from('id,image\nstra\xdfe,a.jpg\n', 'latin1'),
  half: Buffer.concat([Buffer.from('id,image\n1,a.jpg\n2,'), Buffer.from([0xc3])]),
  endless: Buffer.alloc(1_500_000, 65),
};

const texts: BadGroup = {
  title: 'Text and its encoding',
  intro: `UTF-8, UTF-16 and Windows-1252 (with Latin-1) are told apart by their bytes, and \`sources inspect\` says which it is. What fits none of them is refused, never guessed. ${EXIT}`,
  cases: [
    source('a workbook', { 'poles.csv': BYTES.workbook }, ['poles.csv'], 'export the sheet as CSV'),
    source('an old workbook', { 'poles.csv': BYTES.oldWorkbook }, ['poles.csv'], 'export the sheet as CSV'),
    source('gzip', { 'poles.csv': BYTES.gzip }, ['poles.csv'], '`gunzip poles.csv.gz`'),
    source('zstd', { 'poles.csv': BYTES.zstd }, ['poles.csv'], '`zstd -d poles.csv.zst`'),
    source('Parquet under another name', { 'poles.csv': 'PAR1....PAR1' }, ['poles.csv'], 'rename it'),
    source(
      'lines in different encodings',
      { 'poles.csv': BYTES.mixed },
      ['poles.csv'],
      'mend the line; `--encoding windows-1252` takes all bytes as they are',
    ),
    source(
      'an encoding that was named and does not fit',
      { 'poles.csv': BYTES.latin1 },
      ['poles.csv', '--encoding', 'utf-8'],
      'leave `--encoding` out',
    ),
    source(
      'UTF-16 that is none',
      { 'poles.csv': Buffer.from([0, 0xd8, 65]) },
      ['poles.csv', '--encoding', 'utf-16le'],
      'leave `--encoding` out',
    ),
    source('a file cut in the middle of a character', { 'poles.csv': BYTES.half }, ['poles.csv'], 'copy it again'),
    source('one endless line', { 'poles.csv': BYTES.endless }, ['poles.csv'], 'name another file'),
    source('zero bytes', { 'poles.csv': 'id,image\na\0,b\n' }, ['poles.csv'], 'export it again'),
  ],
};

const standardInput: BadGroup = {
  title: 'Standard input',
  intro: `With \`-\` in place of the source. ${EXIT}`,
  cases: [
    source('nobody pipes anything', {}, ['-'], 'pipe a list into it'),
    {
      what: 'what is piped is empty',
      todo: 'see what the command before it prints',
      make: async (bench) => endOf(await bench.sightline(['sources', 'inspect', '-'], { stdin: '' })),
    },
    {
      what: 'a folder',
      todo: 'name the folder',
      make: async (bench) =>
        endOf(await bench.sightline(['sources', 'inspect', '-', '--format', 'folder'], { stdin: 'x' })),
    },
  ],
};

/** Sources that cannot be used at all. */
export const SOURCE_GROUPS: readonly BadGroup[] = [places, folders, columns, texts, standardInput];
