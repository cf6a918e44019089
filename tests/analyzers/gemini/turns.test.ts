import { describe, expect, it } from 'vitest';
import { createTurns } from '../../../analyzers/gemini/turns.ts';

const wanted = new AbortController().signal;

/** A call that ends when it is told to. */
function openCall() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const call = { begun: false, end: resolve, fail: reject, run };
  return call;

  function run(): Promise<string> {
    call.begun = true;
    return promise;
  }
}

const turnOfLoop = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('turns', () => {
  it('begin in the order in which they were asked for, each when one before it has ended', async () => {
    const inTurn = createTurns(2);
    const calls = [openCall(), openCall(), openCall(), openCall()] as const;
    const answers = calls.map(({ run }) => inTurn(run, wanted));
    await turnOfLoop();
    expect(calls.map(({ begun }) => begun)).toEqual([true, true, false, false]);
    calls[1].end('second');
    expect(await answers[1]).toBe('second');
    await turnOfLoop();
    expect(calls.map(({ begun }) => begun)).toEqual([true, true, true, false]);
    for (const call of calls) call.end('done');
    expect(await Promise.all(answers)).toEqual(['done', 'second', 'done', 'done']);
  });

  it('pass to the next when a call fails', async () => {
    const inTurn = createTurns(1);
    const [first, second] = [openCall(), openCall()];
    const failing = inTurn(first.run, wanted);
    const following = inTurn(second.run, wanted);
    first.fail(new Error('refused'));
    await expect(failing).rejects.toThrow('refused');
    second.end('answer');
    expect(await following).toBe('answer');
  });

  it('are given up at once when the answer is no longer wanted, and the call never begins', async () => {
    const inTurn = createTurns(1);
    const [first, second, third] = [openCall(), openCall(), openCall()];
    const leaving = new AbortController();
    const holding = inTurn(first.run, wanted);
    const given = inTurn(second.run, leaving.signal);
    const following = inTurn(third.run, wanted);
    leaving.abort(new Error('the run was cancelled'));
    await expect(given).rejects.toThrow('the run was cancelled');
    first.end('answer');
    third.end('another');
    expect(await Promise.all([holding, following])).toEqual(['answer', 'another']);
    expect(second.begun).toBe(false);
  });
});
