import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

let rig: Rig;

useRig((started) => (rig = started));

async function runToEnd(runId: string, request: Parameters<Rig['startRun']>[1]): Promise<RunSummary> {
  const handle = await rig.startRun(runId, request);
  return (await handle.result()) as RunSummary;
}

describe('a run', () => {
  it('gives every asset exactly one row, over several shards', async () => {
    const source = await rig.makeCsv(250);
    const callLog = join(rig.dir, 'calls-all');
    const summary = await runToEnd('all-rows', {
      source,
      analyzer: { kind: 'noop', settings: { callLog } },
      limits: { shardSize: 60, insertBatch: 25 },
    });
    expect(summary.counts).toMatchObject({ total: 250, succeeded: 250, pending: 0, in_flight: 0, cancelled: 0 });
    const rows = await rig.rows(summary);
    expect(new Set(rows.map((row) => row['row_key'])).size).toBe(250);
    expect(rows).toHaveLength(250);
    expect(await rig.calls(callLog)).toHaveLength(250);
    expect(rows[0]).toMatchObject({ run_id: 'all-rows', outcome: 'succeeded', analyzer: 'noop', attempts: 1 });
  });

  it('makes a row of an asset that fails, and still completes', async () => {
    const source = await rig.makeCsv(80);
    const summary = await runToEnd('some-fail', {
      source,
      analyzer: { kind: 'noop', settings: { failureShare: 0.3, failure: 'RequestRefused' } },
      limits: { shardSize: 40 },
    });
    const { succeeded, failed } = summary.counts;
    expect(succeeded + failed).toBe(80);
    expect(failed).toBeGreaterThan(0);
    expect(summary.failures).toEqual({ RequestRefused: failed });
    const rows = await rig.rows(summary);
    expect(rows.filter((row) => row['failure'] === 'RequestRefused')).toHaveLength(failed);
  });

  it('asks again when the model is overloaded, and counts the calls', async () => {
    const source = await rig.makeCsv(30);
    const callLog = join(rig.dir, 'calls-again');
    const summary = await runToEnd('again', {
      source,
      analyzer: {
        kind: 'noop',
        settings: { failureShare: 0.2, failure: 'ModelOverloaded', failFirst: 2, waitMs: 10, unpaid: true, callLog },
      },
    });
    expect(summary.counts.succeeded).toBe(30);
    const rows = await rig.rows(summary);
    const calls = await rig.calls(callLog);
    expect(rows.reduce((sum, row) => sum + Number(row['attempts']), 0)).toBe(calls.length);
    expect(rows.some((row) => row['attempts'] === 3)).toBe(true);
  });

  it('asks once more after an answer that does not fit, then makes a row of it', async () => {
    const source = await rig.makeCsv(10);
    const callLog = join(rig.dir, 'calls-invalid');
    const summary = await runToEnd('invalid-answers', {
      source,
      analyzer: { kind: 'noop', settings: { failureShare: 1, failure: 'AnswerInvalid', callLog } },
    });
    expect(summary.failures).toEqual({ AnswerInvalid: 10 });
    expect(await rig.calls(callLog)).toHaveLength(20);
  });

  it('keeps answers of 200 KB out of history and whole in the rows', async () => {
    const source = await rig.makeCsv(12);
    const summary = await runToEnd('long-answers', {
      source,
      prompt: 'description',
      analyzer: { kind: 'noop', settings: { answerBytes: 200_000 } },
    });
    const rows = await rig.rows(summary);
    expect(rows).toHaveLength(12);
    expect(rows.every((row) => String(row['description']).length === 200_000)).toBe(true);
    const history = await rig.client.workflow.getHandle('long-answers/shard-000000').fetchHistory();
    expect(JSON.stringify(history.events).length).toBeLessThan(100_000);
  });

  it('is found by its search attributes and shows its counts', async () => {
    const source = await rig.makeCsv(5);
    await runToEnd('findable', { source, analyzer: { kind: 'noop' } });
    const found = await rig.until(
      () =>
        Array.fromAsync(
          rig.client.workflow.list({
            query: "SightlineRun = 'findable' AND SightlineState = 'completed' AND SightlineDone = 5",
          }),
        ),
      (list) => list.length === 1,
      'the run to be listed',
    );
    expect(found[0]?.workflowId).toBe('findable');
    expect(await rig.progress('findable')).toMatchObject({ state: 'completed', counts: { succeeded: 5 } });
  });

  it('takes the name of an analyzer for one with its own model and settings, and keeps what that is', async () => {
    await runToEnd('by-name', { source: await rig.makeCsv(2), analyzer: 'noop' });
    const record = await rig.stores.records.read('by-name');
    expect(record?.request.analyzer).toMatchObject({ kind: 'noop', model: 'noop', settings: { delayMs: 0 } });
  });

  it('analyses one asset outside any run', async () => {
    const outcome = await rig.client.workflow.execute('analyzeOne', {
      workflowId: 'just-one',
      taskQueue: 'sightline',
      args: [{ images: [{ uri: join(rig.dir, 'none.jpg') }], analyzer: { kind: 'noop' } }],
    });
    expect(outcome).toMatchObject({ kind: 'succeeded', assetId: 'just-one', attempts: 1 });
  });
});

describe('a request that cannot be run', () => {
  const refused = async (runId: string, request: unknown) => {
    const handle = await rig.startRun(runId, request as never);
    const error: { cause?: { type?: string; message?: string } } = await handle.result().then(
      () => {
        throw new Error('it ran');
      },
      (cause: unknown) => cause as never,
    );
    return `${error.cause?.type}: ${error.cause?.message}`;
  };

  it.each([
    ['no input at all', undefined, /^InvalidRequest: The input of a run is one JSON object/],
    ['an unknown field', { source: 'x', sorce: 'y' }, /^InvalidRequest: Unknown field "sorce"/],
    ['a missing folder', { source: 'nowhere' }, /^InvalidRequest: .*nowhere/],
    ['a number out of bounds', { source: 'x', limits: { shardSize: 0 } }, /^InvalidRequest: Field limits.shardSize/],
    ['an unknown prompt', { source: 'x', prompt: 'photo-qualty' }, /^InvalidRequest: .*photo-quality/],
    ['an analyzer of no name', { source: 'x', analyzer: '' }, /^InvalidRequest: Field analyzer.kind: /],
    [
      'an analyzer that is a list',
      { source: 'x', analyzer: ['noop'] },
      /^InvalidRequest: Field analyzer: expected the name of an analyzer, or an object/,
    ],
    [
      'an unknown analyzer by its name alone',
      { source: 'x', analyzer: 'oracle' },
      /^InvalidRequest: .*"oracle".*offline, gemini, vertexai, noop/,
    ],
    [
      'an unknown analyzer',
      { source: 'x', analyzer: { kind: 'oracle' } },
      /^InvalidRequest: .*"oracle".*offline, gemini, vertexai, noop/,
    ],
    [
      'a wrong setting',
      { source: 'x', analyzer: { kind: 'noop', settings: { delayMs: 'long' } } },
      /^InvalidRequest: .*delayMs/,
    ],
  ])('with %s ends at once and says why', async (what, request, message) => {
    expect(await refused(`refused-${what.replaceAll(' ', '-')}`, request)).toMatch(message);
  });

  it('with the id of an earlier run is refused, and the earlier run stays as it was', async () => {
    const source = await rig.makeCsv(3);
    const first = await runToEnd('taken-id', { source, analyzer: { kind: 'noop' } });
    expect(await refused('taken-id', { source, analyzer: { kind: 'noop' } })).toMatch(/^RunExists: .*taken-id/);
    expect(await rig.rows(first)).toHaveLength(3);
    expect((await rig.stores.records.read('taken-id'))?.state).toBe('completed');
  });
});
