import { expect, test } from 'vitest';
import { progressLine } from '../../../cli/output/progress-line.ts';
import { createStatusPainter } from '../../../cli/output/status-painter.ts';
import type { RunView } from '../../../client/run-view.ts';

const RUNNING: RunView = {
  runId: 'brisk-heron-7f2k',
  name: 'poles',
  state: 'running',
  reasons: [],
  notes: [],
  counts: {
    total: 4_812,
    succeeded: 1_195,
    not_visible: 0,
    failed: 7,
    blocked: 1,
    skipped: 1,
    cancelled: 0,
    in_flight: 64,
    pending: 3_544,
    reused: 0,
  },
  failures: {},
  cost: { spentUsd: 5.61, unknown: 0 },
  ratePerMinute: 118.4,
  etaSeconds: { low: 1_690, high: 1_975 },
  startedAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  shards: { running: 8, done: 3, total: 20 },
  seenIn: 'live',
  stale: false,
  endedAt: null,
};

test('tells how far, how fast, how long, and what failed', () => {
  expect(progressLine(RUNNING)).toBe(
    'brisk-heron-7f2k (poles)  running  1,204/4,812  25 %  118/min  left 28-33 min  9 without answer  $5.61',
  );
});

test('says so when it does not know yet', () => {
  const line = progressLine({ ...RUNNING, ratePerMinute: null, etaSeconds: null });
  expect(line).toContain('measuring');
  expect(line).not.toContain('left');
});

test('knows no total while preparing', () => {
  const counts = {
    ...RUNNING.counts,
    total: 0,
    succeeded: 0,
    failed: 0,
    blocked: 0,
    skipped: 0,
    in_flight: 0,
    pending: 0,
  };
  expect(progressLine({ ...RUNNING, state: 'preparing', counts })).toBe('brisk-heron-7f2k (poles)  preparing');
});

test('is never at 100 % before the end', () => {
  const counts = { ...RUNNING.counts, succeeded: 4_802, in_flight: 1, pending: 0 };
  expect(progressLine({ ...RUNNING, counts })).toContain('99 %');
});

test('what was cancelled is not done', () => {
  const counts = { ...RUNNING.counts, total: 11, succeeded: 4, failed: 0, blocked: 0, skipped: 0 };
  const line = progressLine({
    ...RUNNING,
    state: 'cancelled',
    counts: { ...counts, cancelled: 7, in_flight: 0, pending: 0 },
  });
  expect(line).toContain('cancelled  4/11  36 %');
});

test('names why a run waits, without a rate', () => {
  const line = progressLine({ ...RUNNING, state: 'paused', reasons: ['operator', 'quota'] });
  expect(line).toContain('paused (operator, quota)');
  expect(line).not.toContain('/min');
});

test('an unknown price is not 0', () => {
  expect(progressLine({ ...RUNNING, cost: { spentUsd: 0, unknown: 5 } })).toMatch(/ {2}cost unknown$/);
});

test('says when no worker answers', () => {
  expect(progressLine({ ...RUNNING, stale: true })).toContain('no worker answers');
});

test('repaints one line on a terminal, never wider than it', () => {
  let written = '';
  const write = (text: string): void => {
    written += text;
  };
  const painter = createStatusPainter({ write, isTerminal: true, columns: () => 10 });
  painter.status('123456789012345', 'a');
  painter.status('short', 'a');
  painter.note('stays');
  painter.end();
  expect(written).toBe('\r\u001b[2K12345678…\r\u001b[2Kshort\r\u001b[2Kstays\n');
});

test('writes plain lines without a terminal: at each change, and else every 10 s', () => {
  const lines: string[] = [];
  let nowMs = 0;
  const painter = createStatusPainter({
    write: (text) => lines.push(text),
    isTerminal: false,
    columns: () => 5,
    nowMs: () => nowMs,
  });
  painter.status('preparing', 'preparing');
  painter.status('running 1', 'running');
  nowMs = 9_000;
  painter.status('running 2', 'running');
  nowMs = 10_000;
  painter.status('running 3', 'running');
  painter.end();
  expect(lines).toEqual(['preparing\n', 'running 1\n', 'running 3\n']);
});
