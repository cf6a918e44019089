import type { SentShardReport } from '../../contracts/messages.ts';
import { MOST_VERSIONS } from '../../contracts/outcome.ts';
import type { PauseReason } from '../../contracts/run.ts';
import type { ShardState } from '../../contracts/shard.ts';

/**
 * Anybody may signal anything: what does not have the shape of a message is read as far as it makes sense, or ignored. A
 * handler that threw would block its workflow for ever.
 */
const REASONS: readonly PauseReason[] = ['operator', 'budget', 'quota', 'credentials', 'failures'];
const GATES: readonly unknown[] = ['open', 'closing', 'held'];
const NOTE_MAX_LENGTH = 500;
/** Far more changes than a run can live through, far less than numbers that cannot be counted up. */
const MOST_SEQ = 2 ** 40;

/** The reason that a signal names; undefined when it names none that there is. */
export function readReason(message: unknown): PauseReason | undefined {
  const named = fieldOf(message, 'reason');
  return REASONS.find((reason) => reason === named);
}

/** What a person wrote beside a signal; empty without. */
export function readNote(message: unknown): string {
  return readText(message, 'note');
}

/** Why a shard can do nothing more; empty where it does not say. */
export function readStopWhy(message: unknown): string {
  return readText(message, 'stopWhy');
}

function readText(message: unknown, field: string): string {
  const text = fieldOf(message, field);
  return typeof text === 'string' ? text.slice(0, NOTE_MAX_LENGTH) : '';
}

export function isShardState(message: unknown): message is ShardState {
  const gate = fieldOf(message, 'gate');
  const seq = fieldOf(message, 'seq');
  return Number.isSafeInteger(seq) && Number(seq) < MOST_SEQ && (gate === 'open' || gate === 'closed');
}

export function isShardReport(message: unknown): message is SentShardReport {
  const numbers = ['shard', 'seq', 'inFlight', 'sentAtMs'].every((field) =>
    Number.isSafeInteger(fieldOf(message, field)),
  );
  const note = fieldOf(message, 'note');
  if (note !== undefined && (typeof note !== 'string' || note.length > NOTE_MAX_LENGTH)) return false;
  return (
    numbers &&
    Number(fieldOf(message, 'seq')) < MOST_SEQ &&
    GATES.includes(fieldOf(message, 'gate')) &&
    isTally(fieldOf(message, 'tally'))
  );
}

function isTally(value: unknown): boolean {
  const amounts = ['reused', 'costUsd', 'unknownCost'].every((field) => Number.isFinite(fieldOf(value, field)));
  const maps = ['counts', 'usage', 'failures'].every((field) => isMapOfNumbers(fieldOf(value, field)));
  return amounts && maps && isVersions(fieldOf(value, 'versions'));
}

function isVersions(value: unknown): boolean {
  if (value === undefined) return true;
  const fits = (each: unknown): boolean => typeof each === 'string' && each.length <= NOTE_MAX_LENGTH;
  return Array.isArray(value) && value.length <= MOST_VERSIONS && value.every(fits);
}

function isMapOfNumbers(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(Number.isFinite);
}

function fieldOf(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Record<string, unknown>)[field];
}
