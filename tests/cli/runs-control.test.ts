import { expect, test } from 'vitest';
import { viewWithoutServer } from '../../client/read-run.ts';
import { hasEnded } from '../../client/run-view.ts';
import { CANCEL, controlNote, PAUSE, RESUME } from '../../cli/commands/runs-control.ts';
import { placeIn, runRecord } from '../suites/store-samples.ts';

const seen = viewWithoutServer(runRecord('brisk-heron-7f2k', '2026-01-01T00:00:00.000Z', placeIn('/data')));

const CONTROLS = { pause: PAUSE, resume: RESUME, cancel: CANCEL };

test.each([
  ['pause', 'running', 'paused', undefined],
  ['pause', 'running', 'pausing', 'Calls under way finish first.'],
  ['pause', 'running', 'completed', 'It has ended meanwhile (completed): nothing to pause.'],
  ['pause', 'running', 'cancelled', 'It has ended meanwhile (cancelled): nothing to pause.'],
  ['pause', 'running', 'failed', 'It has ended meanwhile (failed): nothing to pause.'],
  ['pause', 'completed', 'completed', 'It has ended already: nothing to pause.'],
  ['resume', 'paused', 'running', undefined],
  ['resume', 'paused', 'completed', undefined],
  ['resume', 'paused', 'paused', 'Another reason keeps it waiting.'],
  ['cancel', 'running', 'cancelled', undefined],
  ['cancel', 'running', 'cancelling', 'Calls under way are being ended.'],
  ['cancel', 'running', 'completed', 'It has ended meanwhile (completed): nothing to cancel.'],
] as const)('%s says of a run that was %s and is %s now: %s', (verb, before, state, note) => {
  expect(controlNote(CONTROLS[verb], !hasEnded(before), { ...seen, stale: false, state })).toBe(note);
});

test.each([PAUSE, RESUME, CANCEL])('$verb says that nobody answers', (control) => {
  const now = { ...seen, stale: true, state: 'running' } as const;
  expect(controlNote(control, true, now)).toBe('No worker answers: it takes effect when one runs.');
});
