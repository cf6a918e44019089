import { isRunId } from '../../contracts/ids.ts';
import type { RunRecord } from '../../contracts/run.ts';
import { StoreMismatchError, StoreUnavailableError } from '../ports.ts';
import type { RunRecords } from '../ports.ts';
import type { Parameter, Row, StoreDataset } from './dataset.ts';
import { calling } from './google-errors.ts';
import { RUNS, RUN_TABLE } from './own-tables.ts';
import { runOnce } from './run-once.ts';
import { smallTable } from './small-table.ts';

/**
 * Run records as rows that are only ever added: of each kind the newest counts. Claims are the exception: a run has one, because
 * the job that adds it can run only once.
 */
export function createBigQueryRunRecords(store: StoreDataset): RunRecords {
  const table = store.quoted(RUN_TABLE);
  const { ready, rows: rowsOf } = smallTable(store, RUNS);

  async function add(kind: 'record' | 'name', runId: string, document: unknown): Promise<void> {
    checkRunId(runId);
    await calling(`write ${table}`, async () => {
      await ready();
      const params = { id: runId, kind, document: JSON.stringify(document) };
      await store.query(`INSERT INTO ${table} ${COLUMNS} VALUES (@id, @kind, @document, CURRENT_TIMESTAMP())`, params);
    });
  }

  async function addClaim(runId: string, document: string, round: number): Promise<void> {
    const claimed = `SELECT 1 FROM ${table} WHERE run_id = @id AND kind = 'claim'`;
    const claim = `INSERT INTO ${table} ${COLUMNS}
SELECT @id, 'claim', @document, CURRENT_TIMESTAMP() FROM (SELECT 1) WHERE NOT EXISTS (${claimed})`;
    await calling(`write ${table}`, async () => {
      await ready();
      await runOnce(store, round === 1 ? `claim_${runId}` : `claim_${runId}_${round}`, claim, {
        params: { id: runId, document },
      });
    });
  }

  async function newest(condition: string, params: Readonly<Record<string, Parameter>>): Promise<readonly RunRecord[]> {
    const rows = await select(
      `SELECT run_id, kind, document FROM ${table} WHERE kind IN ('record', 'name') ${condition}
QUALIFY ROW_NUMBER() OVER (PARTITION BY run_id, kind ORDER BY written_at DESC) = 1`,
      params,
    );
    const names = new Map(rows.filter(isKind('name')).map((row) => [row['run_id'], documentOf(row) as string]));
    return rows
      .filter(isKind('record'))
      .map((row) => documentOf(row) as RunRecord)
      .map((record) => ({ ...record, name: names.get(record.runId) ?? record.name }));
  }

  async function select(sql: string, params: Readonly<Record<string, Parameter>>): Promise<readonly Row[]> {
    return calling(`read ${table}`, () => rowsOf(sql, params));
  }

  return {
    async claim(runId, executionId, requestDigest) {
      checkRunId(runId);
      const mine = JSON.stringify({ executionId, requestDigest });
      for (let round = 1; round <= MOST_ROUNDS; round++) {
        await addClaim(runId, mine, round);
        const sql = `SELECT document FROM ${table} WHERE run_id = @id AND kind = 'claim'`;
        const [owner] = await select(sql, { id: runId });
        if (owner !== undefined) return owner['document'] === mine;
      }
      throw new StoreUnavailableError(
        `The claim of ${runId} cannot be found in ${table}, which has lost it ${MOST_ROUNDS} times: choose another run id.`,
      );
    },

    write: (record) => add('record', record.runId, record),

    rename: (runId, name) => add('name', runId, name),

    async read(runId) {
      if (!isRunId(runId)) return undefined;
      const [record] = await newest('AND run_id = @id', { id: runId });
      return record;
    },

    async list() {
      const records = await newest('', {});
      return records.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt) || a.runId.localeCompare(b.runId));
    },
  };
}

/** BigQuery remembers a job for half a year, also when the table that it wrote to was dropped: then another has to be asked for. */
const MOST_ROUNDS = 20;

const COLUMNS = '(run_id, kind, document, written_at)';

function isKind(kind: string): (row: Row) => boolean {
  return (row) => row['kind'] === kind;
}

function documentOf(row: Row): unknown {
  return JSON.parse(String(row['document']));
}

function checkRunId(runId: string): void {
  if (!isRunId(runId)) throw new StoreMismatchError(`${JSON.stringify(runId)} is no run id.`);
}
