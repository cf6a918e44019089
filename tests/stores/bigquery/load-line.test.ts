import { expect, test } from 'vitest';
import { tableFields } from '../../../stores/bigquery/result-table.ts';
import { toLoadLine } from '../../../stores/bigquery/load-line.ts';
import { batchLines } from '../../../stores/staged-batch.ts';
import { CONTEXT, rowAt, segmentOf } from '../../suites/store-samples.ts';

const FIELDS = tableFields(CONTEXT.fields);

function lineOf(...row: Parameters<typeof rowAt>): string {
  return batchLines(CONTEXT, segmentOf(0), 0, [rowAt(...row)]).join('');
}

test('a line for a load job has times with their zone, and lists without gaps', () => {
  const images = [{ uri: 'gs://b/1.jpg', observationId: 'o1' }, { uri: 'gs://b/2.jpg' }];
  const line = lineOf(4, {}, { images, detectionTime: '2026-05-04T10:20:30+02:00' });
  expect(JSON.parse(toLoadLine(FIELDS, line, { run_key: 'k' }))).toMatchObject({
    row_number: 4,
    run_key: 'k',
    detection_time: '2026-05-04T08:20:30.000Z',
    analyzed_at: '2026-02-03T04:05:06.789Z',
    observation_ids: ['o1', ''],
    image_digests: [],
    location: null,
  });
});

test('a line that the table does not fit is refused, as it is where rows are streamed', () => {
  const line = lineOf(4);
  expect(() => toLoadLine(FIELDS, line, {})).toThrow(/run_key has no value/);
  expect(() => toLoadLine(FIELDS.slice(1), line, { run_key: 'k' })).toThrow(/has no column run_id/);
});
