import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { useCsvFile } from './csv-file.ts';

const { source, read, messageOf, pathOf } = useCsvFile();

describe('the encoding of a CSV file', () => {
  const text = 'id,image\nä€,a.jpg\nplain,b.jpg\n';
  const ids = ['ä€', 'plain'];

  it.each([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`), 'utf-8'],
    ['UTF-16 with a mark', Buffer.from(`\uFEFF${text}`, 'utf16le'), 'utf-16le'],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le'), 'utf-16le'],
    ['UTF-16 of the other order', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(), 'utf-16be'],
    ['Latin-1', Buffer.from(text.replace('€', 'ß'), 'latin1'), 'windows-1252'],
    ['Windows-1252', Buffer.from(text.replace('€', '\u0080'), 'latin1'), 'windows-1252'],
  ])('%s is found out by its bytes and said', async (name, bytes, encoding) => {
    const { assets } = await read(bytes);
    expect(assets.map(({ assetId }) => assetId)).toEqual(name === 'Latin-1' ? ['äß', 'plain'] : ids);
    expect(await source.settle({ kind: 'csv', path: pathOf('list.csv') })).toMatchObject({ encoding });
  });

  it('that is named goes before what the bytes say', async () => {
    const { assets } = await read(Buffer.from('id,image\nä,a.jpg\n'), { encoding: 'windows-1252' });
    expect(assets[0]?.assetId).toBe('Ã¤');
  });

  it('is never guessed for a file that is UTF-8 in some lines only', async () => {
    const bytes = Buffer.concat([Buffer.from('id,image\nä,a.jpg\n'), Buffer.from('\xf6,b.jpg\n', 'latin1')]);
    expect(await messageOf(bytes)).toMatch(/line 3 is not UTF-8, but other lines are; mend it, or .* "encoding"/);
    expect((await read(bytes, { encoding: 'windows-1252' })).assets).toHaveLength(2);
  });

  it('is not guessed either where only carriage returns end the lines', async () => {
    const bytes = Buffer.concat([Buffer.from('id,image\rä,a.jpg\r'), Buffer.from('\xf6,b.jpg\r', 'latin1')]);
    expect(await messageOf(bytes)).toMatch(/line 3 is not UTF-8, but other lines are/);
  });

  it.each([
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x69, 0, 0, 0])],
    ['UTF-32 of the other order', Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x69])],
  ])('%s is refused and named', async (_, bytes) => {
    expect(await messageOf(bytes)).toMatch(/is text in UTF-32; save it as UTF-8/);
  });

  it('is refused when the bytes do not fit the one that was named', async () => {
    const odd = Buffer.from(text, 'utf16le').subarray(1);
    await writeFile(pathOf('list.csv'), odd);
    expect(await messageOf(Buffer.from('\xf6\n', 'latin1'), { encoding: 'utf-8' })).toMatch(/line 1 is not UTF-8/);
    expect(await messageOf(Buffer.from([0, 0xd8, 65]), { encoding: 'utf-16le' })).toMatch(/not valid UTF-16LE/);
  });
});
