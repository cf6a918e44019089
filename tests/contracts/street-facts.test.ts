import { describe, expect, it } from 'vitest';
import { snapshotEndText, unseenAssetsText } from '../../contracts/street-facts.ts';

const SNAPSHOT = { id: '5b0e2f7a', endsAt: '2026-12-20T08:00:00.000Z' };
const ESTIMATE = 'and its images with it: an estimate, 35 days after it was made';
const textAt = (iso: string) => snapshotEndText(SNAPSHOT, Date.parse(iso));

describe('the end of a snapshot', () => {
  it('is told as an estimate', () => {
    const told = `The newest snapshot that is read, 5b0e2f7a, ends about 2026-12-20, ${ESTIMATE}`;
    expect(textAt('2026-11-30T00:00:00Z')).toBe(told);
    expect(textAt('2026-12-13T08:00:00Z')).toBe(told);
  });

  it('is warned of when less than a week is left', () => {
    expect(textAt('2026-12-13T08:00:01Z')).toBe(
      `Warning: the newest snapshot that is read, 5b0e2f7a, ends about 2026-12-20, in less than 7 days, ${ESTIMATE}; assets that have not been looked at by then are skipped`,
    );
  });

  it('is warned of when it is past', () => {
    expect(textAt('2026-12-20T08:00:00Z')).toBe(
      `Warning: the newest snapshot that is read, 5b0e2f7a, should have ended about 2026-12-20, ${ESTIMATE}; assets whose images are gone are skipped`,
    );
  });
});

describe('assets without any observation', () => {
  it.each([
    [292_705, {}, '292,705 more assets are listed without any observation: they are not part of the run'],
    [1, {}, '1 more asset is listed without any observation: it is not part of the run'],
    [
      2,
      { capturedAfter: '2024-01-01' },
      '2 more assets are listed without any observation of that time: they are not part of the run',
    ],
  ])('are told by their number: %i', (count, filters, told) => {
    expect(unseenAssetsText(count, filters)).toBe(told);
  });
});
