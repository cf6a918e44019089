import { countsByOutcome } from './counts-by-outcome.ts';
import { fileList, queryRows, scanSql } from './duckdb.ts';
import type { StoreAudit } from './ports.ts';
import type { PlacePaths } from './run-place.ts';
import { readVisible } from './visible-parts.ts';

/** Reads the row number and outcome of every visible row: one bit of memory per row of the manifest. */
export async function auditParts(paths: PlacePaths): Promise<StoreAudit> {
  return readVisible(paths, async (files) => {
    if (files.length === 0) return { rows: 0, repeated: 0, counts: countsByOutcome([]) };
    const source = `read_parquet(${fileList(files)})`;
    const seen = createRowSet();
    let [rows, repeated] = [0, 0];
    await scanSql(`SELECT CAST(row_number AS DOUBLE) FROM ${source}`, (chunk) => {
      for (const row of chunk.getColumnValues(0)) {
        rows += 1;
        if (!seen.add(Number(row))) repeated += 1;
      }
    });
    const groups = await queryRows(`SELECT outcome, CAST(count(*) AS DOUBLE) AS rows FROM ${source} GROUP BY outcome`);
    const counts = countsByOutcome(groups.map((group) => [group['outcome'], Number(group['rows'])]));
    return { rows, repeated, counts };
  });
}

/** Row numbers as bits; grows with the highest one. */
function createRowSet() {
  let bits = new Uint8Array(8192);
  return {
    /** False when the number was there already. */
    add(row: number): boolean {
      const at = Math.floor(row / 8);
      if (at >= bits.length) {
        const larger = new Uint8Array(Math.max(bits.length * 2, at + 1));
        larger.set(bits);
        bits = larger;
      }
      const mask = 1 << (row % 8);
      const byte = bits[at] ?? 0;
      bits[at] = byte | mask;
      return (byte & mask) === 0;
    },
  };
}
