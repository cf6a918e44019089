import type { StoredRow } from '../stores/ports.ts';
import { cellText } from './output/row-text.ts';

/** An asset without an answer, and what happened to it. */
export interface FailureSample {
  readonly assetId: string;
  readonly message: string;
}

export function failureSampleOf(row: StoredRow): FailureSample {
  return { assetId: cellText(row['asset_id']), message: cellText(row['failure_message']) };
}
