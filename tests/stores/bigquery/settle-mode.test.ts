import { describe, expect, test } from 'vitest';
import type { BigQueryStoreSpec } from '../../../contracts/run.ts';
import { settleMode } from '../../../stores/bigquery/settle-mode.ts';
import { StoreRefusedError } from '../../../stores/ports.ts';

const DATASET: BigQueryStoreSpec = { kind: 'bigquery', project: 'my-project', dataset: 'results' };
const DENIED = 'Permission denied on resource';

describe('how rows get into a dataset', () => {
  test.each([{}, { mode: 'stream' }, { bucket: 'b' }, { mode: 'stream', bucket: 'b' }] as const)(
    'is by streams where they are permitted, and nothing is said: %o',
    (more) => {
      const spec = { ...DATASET, ...more };
      expect(settleMode(spec, null)).toEqual({ store: spec, notes: [] });
    },
  );

  test('is by loads where that was asked for, and says when rows can be read', () => {
    const spec = { ...DATASET, mode: 'load', bucket: 'b' } as const;
    expect(settleMode(spec, null)).toEqual({
      store: spec,
      notes: [expect.stringMatching(/loaded .* gs:\/\/b\. .* read there when the run has ended\.$/)],
    });
  });

  test('is by loads where streams are not permitted and a bucket is named, and says why', () => {
    const settled = settleMode({ ...DATASET, bucket: 'b' }, DENIED);
    expect(settled.store).toEqual({ ...DATASET, mode: 'load', bucket: 'b' });
    expect(settled.notes).toEqual([expect.stringContaining(DENIED)]);
  });

  test.each([{}, { mode: 'stream' }, { mode: 'stream', bucket: 'b' }] as const)(
    'is refused with the fix where streams are not permitted: %o',
    (more) => {
      const settling = () => settleMode({ ...DATASET, ...more }, DENIED);
      expect(settling).toThrow(StoreRefusedError);
      expect(settling).toThrow(
        /Permission denied on resource.*bq:\/\/my-project\.results\?mode=load&bucket=(?:b|NAME)$/,
      );
    },
  );
});
