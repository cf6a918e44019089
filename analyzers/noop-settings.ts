import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { FAILURES, isFailureName, type FailureName } from '../contracts/failures.ts';
import { withPictureSettings } from '../images/picture-changes.ts';

/** Failures of a run, a source or a store: never what an analyzer ends with. */
const NOT_OF_AN_ANALYZER: ReadonlySet<FailureName> = new Set([
  'SourceUnavailable',
  'StoreUnavailable',
  'InvalidRequest',
  'RunExists',
  'AccountingMismatch',
]);

const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path');
const failureName = z.string().refine(isAnalyzerFailure, {
  error: `must be one of ${Object.keys(FAILURES).filter(isAnalyzerFailure).join(', ')}`,
});

function isAnalyzerFailure(name: string): name is FailureName {
  return isFailureName(name) && !NOT_OF_AN_ANALYZER.has(name);
}

/** What can be set on the noop analyzer: how slow, how wrong and how talkative it is. */
export const noopSettingsSchema = withPictureSettings({
  /** How long each call takes, in ms. */
  delayMs: z.number().min(0).max(600_000).default(0),
  /** Share of assets that fail; which ones depends on a hash of their id alone. */
  failureShare: z.number().min(0).max(1).default(0),
  /** How they fail. `WorkerBug` is thrown, as a real one would be. */
  failure: failureName.default('RequestRefused'),
  /** Only their first so many calls fail; 0 = all of them. */
  failFirst: z.int().min(0).max(1_000_000).default(0),
  /** Wait time that a failure to be retried asks for, in ms. */
  waitMs: z.number().min(0).max(86_400_000).optional(),
  /** Whether a failure to be retried surely cost nothing. */
  unpaid: z.boolean().default(true),
  /** Pads the first text field of the answer to this many characters; 0 = not. */
  answerBytes: z.int().min(0).max(20_000_000).default(0),
  /** File that gets one line `assetId attempt startedAtMs` when a call starts. */
  callLog: absolutePath.optional(),
  /** The same when a call ends by itself. */
  endLog: absolutePath.optional(),
  /** Reads every image as an analyzer would; one that cannot be read ends the asset. */
  loadImages: z.boolean().default(false),
});

export type NoopSettings = z.infer<typeof noopSettingsSchema>;
