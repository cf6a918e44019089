import type { Prompt } from '../../contracts/prompt.ts';
import type { Progress, RunRecord, RunState } from '../../contracts/run.ts';
import type { ResultSummary, StoredRow } from '../../stores/ports.ts';
import type { FailureSample } from '../failure-sample.ts';

/** Everything that a report shows; plain values, read at one moment. */
export interface ReportData {
  readonly run: Standing;
  /** Null when the run never got as far as being recorded here. */
  readonly record: RunRecord | null;
  /** As it was frozen at the start; null when it cannot be read any more. */
  readonly prompt: Prompt | null;
  readonly summary: ResultSummary;
  readonly sheet: readonly Card[];
  readonly causes: readonly Cause[];
  /** Examples of text answers, by field. */
  readonly texts: ReadonlyMap<string, readonly TextExample[]>;
  readonly files: readonly string[];
  /** ISO 8601. */
  readonly madeAt: string;
}

/** Where the run stands. */
export interface Standing {
  readonly runId: string;
  readonly name: string;
  readonly state: RunState;
  readonly reasons: Progress['reasons'];
  readonly notes: readonly string[];
  /** Assets; 0 when it is not known. */
  readonly total: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly failure: Progress['failure'] | null;
}

/** One asset on the contact sheet. */
export interface Card {
  readonly row: StoredRow;
  /** Why it was chosen, in a few words each: `lowest sharpness`. */
  readonly reasons: readonly string[];
  readonly pictures: readonly Picture[];
  /** Images of the asset that are not on the sheet. */
  readonly morePictures: number;
}

export type Picture =
  | {
      readonly kind: 'shown';
      readonly name: string;
      readonly dataUri: string;
      readonly widthPx: number;
      readonly heightPx: number;
      /** The file is not the one that was analysed. */
      readonly hasChanged: boolean;
    }
  | { readonly kind: 'absent'; readonly name: string; readonly why: string };

/** Why assets have no answer. */
export interface Cause {
  readonly name: string;
  readonly rows: number;
  readonly samples: readonly FailureSample[];
}

export interface TextExample {
  readonly assetId: string;
  readonly text: string;
}

/** What a reader can decide from the report: a question, and what the data say about it. */
export interface Decision {
  readonly question: string;
  readonly tone: 'good' | 'watch' | 'bad' | 'open';
  readonly answer: string;
  readonly details: readonly string[];
}
