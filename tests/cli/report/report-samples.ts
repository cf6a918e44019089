import type { PromptField } from '../../../contracts/prompt.ts';
import type { FailureName } from '../../../contracts/failures.ts';
import { NO_USAGE, type OutcomeKind } from '../../../contracts/outcome.ts';
import type { FieldSummary, ResultSummary } from '../../../stores/ports.ts';
import type { Card, ReportData, Standing } from '../../../cli/report/report-data.ts';
import { placeIn, runRecord } from '../../suites/store-samples.ts';

export const STANDING: Standing = {
  runId: 'brisk-heron-7f2k',
  name: 'brisk-heron-7f2k',
  state: 'completed',
  reasons: [],
  notes: [],
  total: 0,
  startedAt: '2026-02-03T04:05:06.000Z',
  endedAt: '2026-02-03T04:06:06.000Z',
  failure: null,
};

/** A summary with so many rows of each outcome and cause. */
export function summaryOf(
  outcomes: Partial<Record<OutcomeKind, number>>,
  failures: Partial<Record<FailureName, number>> = {},
  fields: readonly FieldSummary[] = [],
): ResultSummary {
  const rows = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return {
    rows,
    images: rows,
    outcomes: (Object.entries(outcomes) as [OutcomeKind, number][]).map(([name, count]) => group(name, count)),
    failures: Object.entries(failures)
      .map(([name, count]) => group(name, count))
      .toSorted((a, b) => b.rows - a.rows),
    fields,
    models: [],
    usage: NO_USAGE,
    cost: { spentUsd: 0, unknown: rows },
    firstAt: null,
    lastAt: null,
  };
}

export function group<Name>(name: Name, rows: number, from = 0) {
  return { name, rows, samples: Array.from({ length: Math.min(rows, 60) }, (_, at) => from + at) };
}

export function fieldOf(more: Partial<PromptField> & Pick<PromptField, 'name' | 'type'>): PromptField {
  return { description: '', required: true, ...more };
}

/** A report of a run with these cards; everything else is as empty as it can be. */
export function reportOf(more: Partial<ReportData> = {}, fields: readonly PromptField[] = []): ReportData {
  const record = runRecord(STANDING.runId, STANDING.startedAt, placeIn('/data'));
  return {
    run: STANDING,
    record: { ...record, plan: { ...record.plan, fields } },
    prompt: null,
    summary: summaryOf({}),
    sheet: [],
    causes: [],
    texts: new Map(),
    files: [],
    madeAt: '2026-02-03T05:00:00.000Z',
    ...more,
  };
}

export function cardOf(assetId: string, more: Partial<Card> = {}): Card {
  return {
    row: { asset_id: assetId, outcome: 'succeeded', ...more.row },
    reasons: [],
    pictures: [],
    morePictures: 0,
    ...Object.fromEntries(Object.entries(more).filter(([name]) => name !== 'row')),
  };
}
