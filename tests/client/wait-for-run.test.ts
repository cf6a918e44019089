import { expect, test, vi } from 'vitest';
import { NoTemporalServer, RunNotFound } from '../../client/client-errors.ts';
import type { RunView } from '../../client/run-view.ts';
import { waitForRun } from '../../client/wait-for-run.ts';
import { runView } from '../support/run-view.ts';

const view = (state: RunView['state'], done = 0): RunView =>
  runView(state, { total: 10, succeeded: done, pending: 10 - done });

/** Answers one after the other; an error is thrown. */
function looks(...answers: readonly (RunView | Error)[]): () => Promise<RunView> {
  const left = [...answers];
  return async () => {
    const next = left.length > 1 ? left.shift() : left[0];
    if (next instanceof Error || next === undefined) throw next ?? new Error('asked too often');
    return next;
  };
}

test('returns at once when the run has ended', async () => {
  const onProgress = vi.fn<(seen: RunView) => void>();
  await expect(waitForRun(looks(view('completed', 10)), { onProgress })).resolves.toMatchObject({ state: 'completed' });
  expect(onProgress).toHaveBeenCalledTimes(1);
});

test('returns an open run when the time is over', async () => {
  await expect(waitForRun(looks(view('running')), { timeoutMs: 0 })).resolves.toMatchObject({ state: 'running' });
});

test('returns when the condition holds', async () => {
  const until = ({ state }: RunView): boolean => state === 'paused';
  await expect(waitForRun(looks(view('running'), view('paused')), { until })).resolves.toMatchObject({
    state: 'paused',
  });
});

test('throws the reason of the signal', async () => {
  const leaving = new AbortController();
  const waiting = waitForRun(looks(view('running')), {
    signal: leaving.signal,
    onProgress: () => leaving.abort(new Error('left')),
  });
  await expect(waiting).rejects.toThrow('left');
});

test('waits for a server that goes away, and says so once', async () => {
  const states: string[] = [];
  const gone = new NoTemporalServer('gone');
  const ended = await waitForRun(looks(view('running'), gone, gone, view('completed', 10)), {
    onConnection: (state) => states.push(state),
  });
  expect(ended.state).toBe('completed');
  expect(states).toEqual(['lost', 'back']);
});

test('does not wait for a server that was never there', async () => {
  await expect(waitForRun(looks(new NoTemporalServer('gone')))).rejects.toThrow(NoTemporalServer);
});

test('passes on every other error', async () => {
  await expect(waitForRun(looks(view('running'), new RunNotFound('who?')))).rejects.toThrow(RunNotFound);
});
