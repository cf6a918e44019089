import type { FreshRecords } from '../fresh-records.ts';
import { absorbedByShard, toAbsorbed } from '../part-index.ts';
import type { PartIndex } from '../part-index.ts';
import { StoreMismatchError } from '../ports.ts';
import type { WriteOnce } from '../write-once.ts';

/**
 * What is to be done next about the rows of a run: a load brings parts into a staging table, a merge brings the table to the
 * readers. Numbers are taken once each, and only when the step before is done.
 */
export interface LoadStep {
  readonly number: number;
  readonly kind: 'load' | 'merge';
  /** Number of the staging table, from 1: each is merged once. */
  readonly round: number;
  /** What a load brings; empty for a merge. */
  readonly parts: readonly string[];
  /** Rows of the staging table after this step. */
  readonly rows: number;
  /** Commit records that loads have brought so far. */
  readonly absorbed: PartIndex['absorbed'];
}

/** A table takes 1,500 load jobs a day, so that each has to bring many rows. */
const MIN_ROWS = 10_000;
/** A load job takes 10,000 objects at most. */
const MAX_PARTS = 2_000;

/** The step after the last; undefined when there is nothing to do, or not enough to be worth a job. `final`: nothing may wait. */
export function nextStep(
  last: LoadStep | undefined,
  { records, highest }: FreshRecords,
  final: boolean,
): LoadStep | undefined {
  const number = (last?.number ?? 0) + 1;
  const parts = records.flatMap(({ part }) => (part === null ? [] : [part]));
  const fresh = records.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const isEnough = fresh >= MIN_ROWS || parts.length >= MAX_PARTS || final;
  if (parts.length > 0 && isEnough) {
    const isNew = last === undefined || last.kind === 'merge';
    const [round, before] = isNew ? [(last?.round ?? 0) + 1, 0] : [last.round, last.rows];
    const absorbed = toAbsorbed(new Map([...absorbedBy(last), ...highest]));
    return { number, kind: 'load', round, parts, rows: before + fresh, absorbed };
  }
  if (!final || last?.kind !== 'load') return undefined;
  return { ...last, number, kind: 'merge', parts: [] };
}

/** How many records of each shard's log have been brought. */
export function absorbedBy(last: LoadStep | undefined): ReadonlyMap<number, number> {
  return absorbedByShard({ absorbed: last?.absorbed ?? [] });
}

/** The last step that was decided. */
export async function readLastStep(steps: WriteOnce): Promise<LoadStep | undefined> {
  const numbers = (await steps.names()).map((name) => Number(/^(\d+)\.json$/.exec(name)?.[1] ?? 0));
  const number = numbers.reduce((a, b) => Math.max(a, b), 0);
  return number === 0 ? undefined : readStep(steps, number);
}

export async function readStep(steps: WriteOnce, number: number): Promise<LoadStep> {
  const path = steps.pathOf(stepName(number));
  const bytes = await steps.read(stepName(number));
  if (bytes === undefined) throw new StoreMismatchError(`The step ${path} has gone.`);
  try {
    return JSON.parse(bytes.toString()) as LoadStep;
  } catch (cause) {
    throw new StoreMismatchError(`The step ${path} is damaged.`, { cause });
  }
}

/** False when somebody else has decided what comes next: then the last step has to be read again. */
export async function appendStep(steps: WriteOnce, step: LoadStep): Promise<boolean> {
  return steps.createOnce('load step', stepName(step.number), JSON.stringify(step));
}

function stepName(number: number): string {
  return `${String(number).padStart(6, '0')}.json`;
}
