import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSql } from '../../stores/duckdb.ts';
import { cli, type CliResult, type IoChoice } from '../support/recorded-io.ts';
import { startRig, type Rig } from '../support/rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
  await rig.startWorker();
}, 120_000);
afterAll(() => rig.close());

function sightline(argv: readonly string[], choice: IoChoice = {}): Promise<CliResult> {
  return cli([...argv, ...rig.places], { workingDir: rig.dir, ...choice });
}

/** Runs over a source to the end; the ids of its rows and what it says about rejected entries. */
async function run(runId: string, argv: readonly string[], choice: IoChoice = {}) {
  const started = await sightline(['runs', 'start', ...argv, '--analyzer', 'noop', '--id', runId, '--wait'], choice);
  expect(started.code, started.out + started.err).toBe(0);
  const listed = await sightline(['results', 'list', runId, '--jsonl', '--all']);
  const rows = listed.out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly asset_id: string; readonly image_uris: readonly string[] });
  const shown = await sightline(['runs', 'show', runId]);
  const record = await rig.stores.records.read(runId);
  const { rejected, duplicates, rejects } = record!.plan.manifest;
  return {
    images: Object.fromEntries(rows.map(({ asset_id: id, image_uris: uris }) => [id, uris.length])),
    rejected,
    duplicates,
    file: rejects,
    shown: shown.out,
  };
}

interface KindCase {
  readonly kind: string;
  /** Makes the source; what to type after `runs start`. */
  readonly make: () => Promise<readonly string[]>;
  readonly stdin?: string;
  /** Ids with the number of their images. */
  readonly images: Readonly<Record<string, number>>;
  readonly says: string;
  /** The rejects file, without the folder of the test. */
  readonly rejects: string;
  /** What a person makes of it, and the assets that it gives then. */
  readonly mend: (text: string) => string;
  readonly mended: Readonly<Record<string, number>>;
}

const file = async (name: string, text: string): Promise<readonly string[]> => {
  await writeFile(join(rig.dir, name), text);
  return [name];
};

const CASES: readonly KindCase[] = [
  {
    kind: 'jsonl',
    make: () =>
      file(
        'signs.jsonl',
        '{"id":"a","image":["a.jpg","b.jpg"]}\nnonsense\n{"id":"a","image":"c.jpg","n":1}\n{"id":"d","image":"d.jpg"}\n',
      ),
    images: { a: 2, d: 1 },
    says: '2 entries became no asset: 1 came before, 1 cannot be used, listed in ',
    rejects:
      '{"text":"nonsense","sightline_line":2,"sightline_reason":"the line is not valid JSON"}\n' +
      '{"id":"a","image":"c.jpg","n":1,"sightline_line":3,"sightline_reason":"the id \\"a\\" came before; ids must be unique"}\n',
    mend: (text) => text.replace('"text":"nonsense"', '"id":"b","image":"b.jpg"').replace('"id":"a"', '"id":"c"'),
    mended: { b: 1, c: 1 },
  },
  {
    kind: 'parquet',
    make: async () => {
      const rows = "VALUES (1, 'a.jpg'), (1, 'b.jpg'), (NULL, 'c.jpg'), (4, 'd.jpg')";
      await runSql(`COPY (FROM (${rows}) t(id, photo)) TO '${join(rig.dir, 'poles.parquet')}' (FORMAT parquet)`);
      return ['poles.parquet', '--map', 'id=id,image=photo'];
    },
    images: { 1: 1, 4: 1 },
    says: '2 entries became no asset: 1 came before, 1 cannot be used, listed in ',
    rejects:
      '{"id":1,"photo":"b.jpg","sightline_line":2,"sightline_reason":"the id \\"1\\" came before; ids must be unique"}\n' +
      '{"id":null,"photo":"c.jpg","sightline_line":3,"sightline_reason":"the row has no id"}\n',
    mend: (text) => text.replace('"id":1', '"id":2').replace('"id":null', '"id":3'),
    mended: { 2: 1, 3: 1 },
  },
  {
    kind: 'list',
    make: () => file('photos.txt', 'a.jpg\n\na.jpg\nb.jpg\n'),
    images: { 'a.jpg': 1, 'b.jpg': 1 },
    says: '1 entry became no asset: 1 came before, listed in ',
    rejects: 'sightline_line,sightline_reason,sightline_cells,image\n3,this image came before,,a.jpg\n',
    mend: (text) => text.replace('a.jpg', 'c.jpg'),
    mended: { 'c.jpg': 1 },
  },
  {
    kind: 'folder',
    make: async () => {
      await mkdir(join(rig.dir, 'scans'));
      for (const name of ['17_a.jpg', '17_b.jpg', '18_a.jpg', 'cover.jpg']) await file(`scans/${name}`, '');
      return ['scans', '--group', '{id}_*'];
    },
    images: { 17: 2, 18: 1 },
    says: '1 entry became no asset: 1 cannot be used, listed in ',
    rejects:
      'sightline_line,sightline_reason,sightline_cells,image\n,the name does not fit {id}_*; rename the file or change the rule,,scans/cover.jpg\n',
    mend: (text) => text,
    mended: { 'scans/cover.jpg': 1 },
  },
  {
    kind: 'stdin',
    make: () => Promise.resolve(['-', '--format', 'csv']),
    stdin: 'id,image,note\na,a.jpg,"x, y"\n,b.jpg,"p, q"\n',
    images: { a: 1 },
    says: '1 entry became no asset: 1 cannot be used, listed in ',
    rejects: 'sightline_line,sightline_reason,sightline_cells,id,image,note\n3,the row has no id,,,b.jpg,"p, q"\n',
    mend: (text) => text.replace('no id,,,', 'no id,,b,'),
    mended: { b: 1 },
  },
];

test.each(CASES)('$kind: each entry is a row or a reject, and rejects can be brought back', async (kind) => {
  const argv = await kind.make();
  const first = await run(kind.kind, argv, kind.stdin === undefined ? {} : { stdin: kind.stdin });
  expect(first.images).toEqual(kind.images);
  expect(first.shown).toContain(kind.says);
  expect(first.shown).toContain(first.file!.slice(rig.dir.length + 1));
  const text = await readFile(first.file!, 'utf8');
  expect(text.replaceAll(`${rig.dir}/`, '')).toBe(kind.rejects);

  const again = `again-${kind.kind}${extname(first.file!)}`;
  await writeFile(join(rig.dir, again), kind.mend(text));
  const map = argv.includes('--map') ? ['--map', 'id=id,image=photo'] : [];
  const second = await run(`${kind.kind}-again`, [again, ...map]);
  const ids = Object.entries(second.images).map(([id, count]) => [id.replace(`${rig.dir}/`, ''), count]);
  expect(Object.fromEntries(ids)).toEqual(kind.mended);
  expect(second).toMatchObject({ rejected: 0, duplicates: 0, file: null });
  // Our two columns are not carried along.
  expect((await sightline(['results', 'list', `${kind.kind}-again`, '--json'])).out).not.toContain('sightline_');
});

test('JSON Lines and lists are told apart on standard input, and relative paths start at the working folder', async () => {
  const lines = await run('piped-lines', ['-'], { stdin: '{"id":"x","image":"x.jpg"}\n' });
  expect(lines.images).toEqual({ x: 1 });
  await run('piped-list', ['-'], { stdin: 'x.jpg\n' });
  const row = JSON.parse((await sightline(['results', 'get', 'piped-list', 'x.jpg', '--json'])).out);
  expect(row).toMatchObject({ image_uris: [join(rig.dir, 'x.jpg')] });
});
