import { styleText } from 'node:util';
import { expect, test } from 'vitest';
import { cut, formatTable, formatTsv } from '../../../cli/output/table.ts';

const COLUMNS = [{ title: 'NAME' }, { title: 'COUNT', align: 'right' as const }];

test('aligns columns and leaves no space at the ends of lines', () => {
  expect(
    formatTable(
      COLUMNS,
      [
        ['a', '1'],
        ['longer', '20'],
      ],
      80,
    ),
  ).toBe(['NAME    COUNT', 'a           1', 'longer     20'].join('\n'));
  expect(formatTable([{ title: 'A' }, { title: 'B' }], [['x', '']], 80)).toBe('A  B\nx');
});

test('cuts the widest column when the terminal is narrow', () => {
  const table = formatTable(COLUMNS, [['a very long name of a thing', '1']], 20);
  expect(table.split('\n').map((line) => line.length)).toEqual([20, 20]);
  expect(table).toContain('a very long …');
});

test('never cuts below what can be read', () => {
  const table = formatTable([{ title: 'AAAAAAAAAA' }, { title: 'BBBBBBBBBB' }], [['1234567890', '1234567890']], 5);
  expect(table).toContain('12345…');
});

test('a cell cannot steer the terminal or leave its line', () => {
  const table = formatTable(COLUMNS, [['evil\u001b[2J\nname\r\u202e', '1']], 80);
  expect(table.split('\n')).toHaveLength(2);
  expect(table.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
});

test('keeps the colour of a state', () => {
  const green = styleText('green', 'completed', { validateStream: false });
  expect(formatTable(COLUMNS, [[green, '1']], 80)).toContain(`${green}      1`);
});

test('counts wide characters as two', () => {
  expect(formatTable(COLUMNS, [['街灯', '1']], 80)).toBe('NAME  COUNT\n街灯      1');
});

test('programs get one line per row and tabs between cells', () => {
  expect(formatTsv(COLUMNS, [['a\tb\nc', '1']])).toBe('NAME\tCOUNT\na b c\t1');
});

test.each([
  ['short', 10, 'short'],
  ['exactly ten', 11, 'exactly ten'],
  ['one too long', 11, 'one too lo…'],
])('%s in %i columns', (text, width, expected) => expect(cut(text, width)).toBe(expected));

test('what people copy is cut last', () => {
  const columns = [{ title: 'ID', keep: true }, { title: 'TEXT' }];
  expect(formatTable(columns, [['brisk-heron-7f2k', 'a long story about it']], 30)).toContain(
    'brisk-heron-7f2k  a long stor…',
  );
  expect(formatTable(columns, [['brisk-heron-7f2k', 'a long story about it']], 20)).toContain('brisk-heron…  a lon…');
});

test('a path is cut in front', () => {
  const columns = [
    { title: 'ID', keep: true },
    { title: 'SOURCE', cutAt: 'start' as const },
  ];
  expect(formatTable(columns, [['heron', '/very/long/way/to/poles.csv']], 20)).toContain('heron  …to/poles.csv');
  expect(formatTable(columns, [['heron', 'poles.csv']], 20)).toContain('heron  poles.csv');
});
