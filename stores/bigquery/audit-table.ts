import type { RunPlace } from '../../contracts/run.ts';
import { countsByOutcome } from '../counts-by-outcome.ts';
import type { StoreAudit } from '../ports.ts';
import type { StoreDataset } from './dataset.ts';
import { calling } from './google-errors.ts';
import { RUN_KEY } from './result-table.ts';
import { resultTable } from './result-table-name.ts';

/** What the table of the prompt holds of a run. */
export async function auditTable(store: StoreDataset, place: RunPlace): Promise<StoreAudit> {
  const table = store.quoted(resultTable(place));
  const sql = `WITH mine AS (SELECT outcome, row_number FROM ${table} WHERE ${RUN_KEY} = @key)
SELECT outcome, COUNT(*) AS found, (SELECT COUNT(*) - COUNT(DISTINCT row_number) FROM mine) AS repeated FROM mine GROUP BY outcome`;
  const groups = await calling(`read ${table}`, () => store.query(sql, { key: place.key }));
  const found = groups.map((group) => [group['outcome'], Number(group['found'])] as const);
  return {
    rows: found.reduce((sum, [, rows]) => sum + rows, 0),
    repeated: Number(groups[0]?.['repeated'] ?? 0),
    counts: countsByOutcome(found),
  };
}
