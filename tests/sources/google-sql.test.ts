import { describe, expect, it } from 'vitest';
import { sqlName, sqlNumber, sqlText, sqlTime } from '../../sources/google-sql.ts';

describe('values in GoogleSQL', () => {
  it.each([
    ["it's", String.raw`'it\'s'`],
    [String.raw`a\'; DROP TABLE x; --`, String.raw`'a\\\'; DROP TABLE x; --'`],
    ['"quoted"', String.raw`'\"quoted\"'`],
    ['line\nand\u2028', String.raw`'line\u000aand\u2028'`],
    ['', "''"],
    ['Straße 😀', "'Straße 😀'"],
  ])('a text stays in its quotes: %j', (text, sql) => {
    expect(sqlText(text)).toBe(sql);
  });

  it('a name stays in its backticks', () => {
    expect(sqlName('p.d.t')).toBe('`p.d.t`');
    expect(sqlName('a`; b\\')).toBe('`a\\`; b\\\\`');
  });

  it('a moment is one, whatever its zone', () => {
    expect(sqlTime('2026-05-04')).toBe("TIMESTAMP '2026-05-04T00:00:00.000Z'");
    expect(sqlTime('2026-05-04T12:00:00+02:00')).toBe("TIMESTAMP '2026-05-04T10:00:00.000Z'");
    expect(() => sqlTime("' OR TRUE")).toThrow(RangeError);
  });

  it('a number is one', () => {
    expect(sqlNumber(-0.5)).toBe('-0.5');
    expect(() => sqlNumber(Number.NaN)).toThrow(RangeError);
    expect(() => sqlNumber(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});
