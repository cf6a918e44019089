import { expect, test } from 'vitest';
import { markup, trusted } from '../../../cli/report/markup.ts';

test.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['</style><img src=x onerror=x>', '&lt;/style&gt;&lt;img src=x onerror=x&gt;'],
  [`" onload='x' &amp;`, '&quot; onload=&#39;x&#39; &amp;amp;'],
  ['a\u0000b\u001b[31mc\u202ed', 'a b [31mc d'],
  ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
  ['half of a pair \ud83d', 'half of a pair \ufffd'],
  ['😀 é 漢', '😀 é 漢'],
])('%j stays text', (text, html) => {
  expect(markup`<p title="${text}">${text}</p>`.html).toBe(`<p title="${html}">${html}</p>`);
});

test('markup in markup is not escaped again; lists are joined; null is nothing', () => {
  const items = ['a', '<'].map((text) => markup`<li>${text}</li>`);
  expect(markup`<ul>${items}${null}${3}${trusted('<!-- -->')}</ul>`.html).toBe(
    '<ul><li>a</li><li>&lt;</li>3<!-- --></ul>',
  );
});
