import { expect, it } from 'vitest';
import type { RunView } from '../../client/run-view.ts';
import { viewWithoutServer } from '../../client/read-run.ts';
import { runJson } from '../../cli/report-followed.ts';
import { runText } from '../../cli/output/run-text.ts';
import type { RunRecord } from '../../contracts/run.ts';
import { placeIn, runRecord } from '../suites/store-samples.ts';

const RECORD: RunRecord = {
  ...runRecord('brisk-heron-7f2k', '2026-01-01T00:00:00.000Z', placeIn('/data')),
  state: 'completed',
};
const VIEW = viewWithoutServer(RECORD);
const context = {
  showPath: (path: string) => path,
  paint: (_: unknown, text: string) => text,
  time: (iso: string) => iso,
};

function textOf(view: Partial<RunView>, record: RunRecord | null = RECORD): string {
  return runText({ view: { ...VIEW, ...view }, record, files: [], context });
}

it('says how long a run took that has just ended, also while Temporal does not know when', () => {
  const justEnded = { state: 'completed', endedAt: null, updatedAt: '2026-01-01T00:01:30.000Z' } as const;
  expect(textOf(justEnded, { ...RECORD, endedAt: '2026-01-01T00:01:00.000Z' })).toContain('took 1 min\n');
  expect(textOf(justEnded, null)).toContain('took 1 min 30 s\n');
  expect(textOf({ ...justEnded, state: 'running' })).not.toContain('took');
});

it.each([
  ['offline', 'offline', 'answered by offline\n'],
  ['gpt', 'large', 'answered by gpt (large)\n'],
  ['noop', 'noop', 'answered by noop: its answers are made up, for tests\n'],
])('says who answered: %s', (kind, model, said) => {
  const request = { ...RECORD.request, analyzer: { kind, model, settings: {} } };
  expect(textOf({}, { ...RECORD, request })).toContain(said);
});

it('names the table of rejected entries, and the command that shows them', () => {
  const manifest = {
    ...RECORD.plan.manifest,
    rejected: 2,
    duplicates: 1,
    rejects: 'bq://my-project.results.m_rejects',
  };
  const said = textOf({}, { ...RECORD, plan: { ...RECORD.plan, manifest } });
  expect(said).toContain('1 came before, 1 cannot be used, listed in bq://my-project.results.m_rejects\n');
  expect(said).toContain(
    "Show them: bq query --use_legacy_sql=false 'SELECT * FROM `my-project.results.m_rejects` LIMIT 100'\n",
  );
  const inFile = { ...manifest, rejects: '/data/rejects.csv' };
  expect(textOf({}, { ...RECORD, plan: { ...RECORD.plan, manifest: inFile } })).not.toContain('Show them');
});

it('names the table of the results, for people and as JSON', () => {
  const store = { kind: 'bigquery', project: 'my-project', dataset: 'results' } as const;
  const place = { ...RECORD.plan.place, store };
  const record = { ...RECORD, plan: { ...RECORD.plan, place } };
  const table = 'my-project.results.sightline_street_check';
  expect(textOf({}, record)).toContain(`  results   ${table}`);
  expect(runJson({ view: VIEW, record, files: [] })).toMatchObject({ table, files: [] });
  expect(runJson({ view: VIEW, record: RECORD, files: [] }).table).toBeNull();
});
