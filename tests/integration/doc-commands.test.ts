import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDemoPictures } from '../../cli/demo/make-pictures.ts';
import { runSql } from '../../stores/duckdb.ts';
import { DOC_PAGES, docCommands } from '../support/doc-commands.ts';
import { cli } from '../support/recorded-io.ts';
import { startRig, type Rig } from '../support/rig.ts';

let rig: Rig;

/** What the pages talk about: a folder of photos, one photo, tables and lists of them, and runs that have ended. */
beforeAll(async () => {
  rig = await startRig();
  await rig.startWorker();
  const { picturesFolder } = await makeDemoPictures(join(rig.dir, 'demo'));
  await cp(picturesFolder, join(rig.dir, 'photos'), { recursive: true });
  await cp(join(picturesFolder, 'bench', 'front.jpg'), join(rig.dir, 'photo.jpg'));
  const files = {
    'poles.csv': 'id,image,pole,photo\npole-1,photo.jpg,pole-1,photo.jpg\n',
    'masts.csv': 'Mast;Vorne;Hinten\n7;photo.jpg;photo.jpg\n7;photo.jpg;\n',
    'signs.jsonl': '{"id":"s-1","image":["photo.jpg"]}\n',
    'shots.csv': 'pole,photo\n7,photo.jpg\n7,photo.jpg\n8,photo.jpg\n',
    'photos.txt': 'photo.jpg\n',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(rig.dir, name), text);
  await runSql(
    `COPY (SELECT 'p-1' AS id, 'photo.jpg' AS image) TO '${join(rig.dir, 'poles.parquet')}' (FORMAT parquet)`,
  );
  await mkdir(join(rig.dir, 'scans'));
  for (const name of ['17_front.jpg', '17_back.jpg']) {
    await cp(join(rig.dir, 'photo.jpg'), join(rig.dir, 'scans', name));
  }
  for (const id of ['brisk-heron-7f2k', 'my-run']) {
    await cli(['runs', 'start', 'photos', '--id', id, '--wait', ...rig.places], { workingDir: rig.dir });
  }
}, 120_000);
afterAll(() => rig.close());

/** Those that last until Ctrl-C, with tests of their own, those for a server elsewhere, and those for Google Cloud. */
function isElsewhere(argv: readonly string[]): boolean {
  if (['demo', 'dev', 'worker', 'gcloud'].includes(argv[0] ?? '') || argv.includes('--address')) return true;
  return argv.includes('sample-run') || argv.some((word) => /^(gs|bq):\/\//.test(word));
}

test.each(DOC_PAGES.filter((page) => docCommands(page).some(({ argv }) => !isElsewhere(argv))))(
  'the commands of %s work, one after the other',
  async (page) => {
    const ran = docCommands(page).filter(({ argv }) => !isElsewhere(argv));
    for (const { line, argv, isPiped } of ran) {
      const stdin = isPiped ? { stdin: 'photo.jpg\n' } : {};
      const { code, out, err } = await cli([...argv, ...rig.places], { workingDir: rig.dir, ...stdin });
      // 3: among the pictures are some that are none, on purpose.
      expect([0, 3], `${line}\n${out}${err}`).toContain(code);
      expect(err, line).not.toMatch(/^\s+at /m);
    }
  },
);
