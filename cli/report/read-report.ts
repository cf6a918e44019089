import { NoTemporalServer } from '../../client/client-errors.ts';
import type { Sightline } from '../../client/main.ts';
import { DEFAULT_IMAGE_LIMITS } from '../../config/image-limits.ts';
import type { AnalysisSpec } from '../../activities/analysis-spec.ts';
import { NO_USAGE } from '../../contracts/outcome.ts';
import type { RunRecord } from '../../contracts/run.ts';
import type { ResultSummary, StoredRow } from '../../stores/ports.ts';
import { StoreMismatchError, StoreUnavailableError } from '../../stores/ports.ts';
import { failureSampleOf } from '../failure-sample.ts';
import { cellText } from '../output/row-text.ts';
import { chooseSheet, type Choice } from './choose-sheet.ts';
import { listOf, makePictures } from './make-pictures.ts';
import type { Card, Cause, ReportData, Standing, TextExample } from './report-data.ts';

/** Bounds of a page, whatever the size of the run. */
const SHEET_ASSETS = 60;
const PICTURES_PER_ASSET = 4;
const PICTURE_SIDE_PX = 480;
const PICTURES_BYTES = 6_000_000;
const SAMPLES = 4;

/** Reads everything that a report shows. Asks Temporal only about a run that has not ended yet. Throws `RunNotFound`. */
export async function readReport(sightline: Sightline, runId: string): Promise<ReportData> {
  const record = (await sightline.record(runId)) ?? null;
  const run = await standingOf(sightline, runId, record);
  const summary = (await sightline.summary(runId)) ?? NOTHING;
  const spec = record ? await readSpec(sightline, record) : null;
  const choices = chooseSheet(summary, SHEET_ASSETS);
  const rows = record
    ? await readRows(sightline, runId, [...choices.map(({ row }) => row), ...sampleRows(summary)])
    : [];
  const byNumber = new Map(rows.map((row) => [Number(row['row_number']), row]));
  return {
    run,
    record,
    prompt: spec?.prompt ?? null,
    summary,
    sheet: await makeCards(choices, byNumber, spec),
    causes: summary.failures.map((group) => causeOf(group, byNumber)),
    texts: textsOf(summary, byNumber),
    files: record ? await sightline.files(runId) : [],
    madeAt: new Date().toISOString(),
  };
}

async function standingOf(sightline: Sightline, runId: string, record: RunRecord | null): Promise<Standing> {
  if (record && record.endedAt !== null) return standingByRecord(record, record.notes);
  try {
    const view = await sightline.progress(runId);
    const { name, state, reasons, notes, counts, startedAt, endedAt, failure } = view;
    const total = record?.plan.total ?? counts.total;
    return { runId, name, state, reasons, notes, total, startedAt, endedAt, failure: failure ?? null };
  } catch (error) {
    if (!record || !(error instanceof NoTemporalServer)) throw error;
    const note = `No Temporal server answers at ${sightline.address}, so it is not known whether the run goes on.`;
    return standingByRecord(record, [...record.notes, note]);
  }
}

function standingByRecord(record: RunRecord, notes: readonly string[]): Standing {
  const { runId, name, state, startedAt, endedAt, failure } = record;
  return {
    runId,
    name,
    state,
    reasons: [],
    notes,
    total: record.plan.total,
    startedAt,
    endedAt,
    failure: failure ?? null,
  };
}

/** What the run asked; a record without it can still be shown. */
async function readSpec(sightline: Sightline, record: RunRecord): Promise<AnalysisSpec | null> {
  try {
    return (await sightline.question(record)) as AnalysisSpec;
  } catch (error) {
    if (error instanceof StoreUnavailableError || error instanceof StoreMismatchError) return null;
    throw error;
  }
}

function sampleRows({ failures, fields }: ResultSummary): readonly number[] {
  return [
    ...failures.flatMap(({ samples }) => samples.slice(0, SAMPLES)),
    ...fields.flatMap((field) => (field.kind === 'texts' ? field.samples.slice(0, SAMPLES) : [])),
  ];
}

async function readRows(
  sightline: Sightline,
  runId: string,
  numbers: readonly number[],
): Promise<readonly StoredRow[]> {
  const rows = [...new Set(numbers)];
  return rows.length === 0 ? [] : sightline.results(runId, { rows, limit: rows.length });
}

async function makeCards(
  choices: readonly Choice[],
  rows: ReadonlyMap<number, StoredRow>,
  spec: AnalysisSpec | null,
): Promise<readonly Card[]> {
  const found = choices.flatMap(({ row: number, reasons }) => {
    const row = rows.get(number);
    return row ? [{ row, reasons }] : [];
  });
  const pictures = await makePictures(
    found.map(({ row }) => row),
    {
      perAsset: PICTURES_PER_ASSET,
      longestSidePx: PICTURE_SIDE_PX,
      totalBytes: PICTURES_BYTES,
      image: spec?.imageLimits ?? DEFAULT_IMAGE_LIMITS,
    },
  );
  return found.map(({ row, reasons }, at) => {
    const shown = pictures[at] ?? [];
    return { row, reasons, pictures: shown, morePictures: listOf(row['image_uris']).length - shown.length };
  });
}

function causeOf(
  { name, rows: count, samples }: ResultSummary['failures'][number],
  rows: ReadonlyMap<number, StoredRow>,
): Cause {
  return { name, rows: count, samples: sampled(samples, rows).map(failureSampleOf) };
}

function textsOf(
  { fields }: ResultSummary,
  rows: ReadonlyMap<number, StoredRow>,
): ReadonlyMap<string, readonly TextExample[]> {
  const texts = fields.filter((field) => field.kind === 'texts');
  return new Map(
    texts.map(({ name, samples }) => [
      name,
      sampled(samples, rows).map((row) => ({ assetId: cellText(row['asset_id']), text: cellText(row[name]) })),
    ]),
  );
}

function sampled(samples: readonly number[], rows: ReadonlyMap<number, StoredRow>): readonly StoredRow[] {
  return samples.slice(0, SAMPLES).flatMap((number) => {
    const row = rows.get(number);
    return row ? [row] : [];
  });
}

const NOTHING: ResultSummary = {
  rows: 0,
  images: 0,
  outcomes: [],
  failures: [],
  fields: [],
  models: [],
  usage: NO_USAGE,
  cost: { spentUsd: 0, unknown: 0 },
  firstAt: null,
  lastAt: null,
};
