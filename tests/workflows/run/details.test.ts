import { expect, it } from 'vitest';
import { runDetails } from '../../../workflows/run/details.ts';
import { viewWithoutServer } from '../../../client/read-run.ts';
import { placeIn, runRecord } from '../../suites/store-samples.ts';

it('shows notes as they are written, whatever of a source they quote', () => {
  const record = runRecord('brisk-heron-7f2k', '2026-01-01T00:00:00.000Z', placeIn('/data'));
  const note = '1 cell of "lat" is no latitude, such as "![x](https://a.org) <b>*_`#" on line 2';
  const details = runDetails({ ...viewWithoutServer(record), notes: [note] });
  expect(details).toContain(
    '- 1 cell of "lat" is no latitude, such as "\\!\\[x\\](https://a.org) \\<b\\>\\*\\_\\`\\#" on line 2\n',
  );
});
