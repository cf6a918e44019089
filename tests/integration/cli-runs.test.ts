import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../cli/run-cli.ts';
import { makeDemoPictures } from '../../cli/demo/make-pictures.ts';
import { PIPED, cli, recordedIo, type CliResult, type IoChoice } from '../support/recorded-io.ts';
import { startRig, until, type Rig } from '../support/rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
  await rig.startWorker();
  await makeDemoPictures(join(rig.dir, 'demo'));
}, 120_000);
afterAll(() => rig.close());

/** One command line against the rig. */
function sightline(argv: readonly string[], choice: IoChoice = {}): Promise<CliResult> {
  return cli([...argv, ...rig.places], { workingDir: rig.dir, ...choice });
}

/** A run that takes its time. */
function slowly(csv: string, delayMs: number): readonly string[] {
  return [csv, '--analyzer', 'noop', '--setting', `delayMs=${delayMs}`, '--shard-size', '50'];
}

describe('a table of which something was not understood', () => {
  const SAID = '1 cell of "captured_at" is no time, such as "5/4/2026" on line 2: write 2026-05-04';

  test.each([[['--wait']], [[]]])('is started with a word about it, %j', async (wait) => {
    await writeFile(join(rig.dir, 'odd.csv'), 'id,image,captured_at\na,demo/pictures/bench.jpg,5/4/2026\n');
    const id = `odd-${wait.length}`;
    const { code, err } = await sightline(['runs', 'start', 'odd.csv', '--id', id, ...wait]);
    expect([code, err]).toEqual([expect.any(Number), expect.stringContaining(SAID)]);
    const shown = await until(
      () => sightline(['runs', 'show', id]),
      ({ out }) => out.includes('completed'),
      'the run to end',
    );
    expect(shown.out).toContain(`  note      ${SAID}`);
  });
});

describe('runs start --wait', () => {
  test('shows progress, sums up, names the next command, and ends with 3 when assets have no answer', async () => {
    const { code, out, err } = await sightline(['runs', 'start', 'demo/pictures', '--wait', '--id', 'street']);
    expect(code).toBe(3);
    expect(out).toContain('street  completed');
    expect(out).toContain('19 = 16 succeeded + 3 skipped');
    expect(out).toContain('3 ImageUnreadable: The file is not an image, is empty, or is damaged.');
    expect(out).toMatch(/results +data\/results\/photo-quality\/street-/);
    expect(err).toMatch(/^street {2}completed {2}19\/19 {2}100 %/m);
    expect(err.trimEnd().split('\n').at(-1)).toMatch(/^Next: npx sightline failures list street /);
    expect(out + err).toMatch(PIPED);
  });

  test('repaints one line on a terminal', async () => {
    const { err } = await sightline(['runs', 'start', 'demo/pictures', '--wait'], { terminal: true, columns: 60 });
    expect(err).toContain('\r\u001b[2K');
    const painted = err.split('\r\u001b[2K').filter((text) => text.includes('/19'));
    expect(painted.length).toBeGreaterThan(0);
    for (const line of painted) expect(line.length).toBeLessThan(60);
  });

  test('ends with 0 when every asset has an answer', async () => {
    const { code, out } = await sightline([
      'runs',
      'start',
      await rig.makeCsv(3),
      '--analyzer',
      'noop',
      '--wait',
      '--quiet',
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/^[a-z]+-[a-z]+-\w{4}\n$/);
  });

  test('--timeout ends the wait with 6 and leaves the run alive', async () => {
    const csv = await rig.makeCsv(60);
    const { code, err } = await sightline([
      'runs',
      'start',
      ...slowly(csv, 20_000),
      '--id',
      'patient',
      '--wait',
      '--timeout',
      '1',
    ]);
    expect(code).toBe(6);
    expect(err).toContain('patient goes on');
    expect((await rig.progress('patient')).state).toBe('running');
    expect((await sightline(['runs', 'cancel', 'patient'])).code).toBe(0);
    expect((await sightline(['runs', 'watch', 'patient'])).code).toBe(9);
  });

  test('Ctrl-C leaves the run alive, says how to return, and ends with 130', async () => {
    const csv = await rig.makeCsv(60);
    const io = recordedIo({ workingDir: rig.dir });
    const running = runCli(
      ['runs', 'start', ...slowly(csv, 20_000), '--id', 'left-alone', '--wait', ...rig.places],
      io,
    );
    await until(
      async () => io.err(),
      (said) => said.includes('left-alone  running'),
      'the run to be shown',
    );
    io.interrupt();
    expect(await running).toBe(130);
    expect(io.err()).toContain('npx sightline runs watch left-alone');
    expect(io.err()).toContain('npx sightline runs cancel left-alone');
    expect((await rig.progress('left-alone')).state).toBe('running');
    await sightline(['runs', 'cancel', 'left-alone']);
  });
});

describe('runs start', () => {
  test('prints the id and how to watch, and goes on by itself', async () => {
    const { code, out, err } = await sightline([
      'runs',
      'start',
      'demo/pictures',
      '--name',
      'Our street',
      '--tag',
      'a',
    ]);
    expect(code).toBe(0);
    const runId = out.trim();
    expect(err).toContain(`runs watch ${runId}`);
    expect((await sightline(['runs', 'watch', runId, '--json'])).code).toBe(3);
    expect(await rig.stores.records.read(runId)).toMatchObject({ name: 'Our street', tags: ['a'] });
  });

  test('makes paths absolute, writes results where it is told to', async () => {
    await sightline(['runs', 'start', 'demo/pictures', '--id', 'elsewhere', '--out', 'out', '--wait']);
    expect(await readdir(join(rig.dir, 'out'))).toContain('results');
    const { out } = await sightline(['results', 'list', 'elsewhere', '--quiet']);
    expect(out.trim().split('\n')).toHaveLength(19);
  });

  test('refuses an id that is in use, also when Temporal has forgotten the run: 8', async () => {
    await sightline(['runs', 'start', 'demo/pictures', '--id', 'taken', '--wait']);
    const again = ['runs', 'start', 'demo/pictures', '--id', 'taken', '--wait'];
    expect(await sightline(again)).toMatchObject({ code: 8, out: '' });
    await forget('taken');
    expect(await sightline(again)).toMatchObject({ code: 8, err: expect.stringContaining('exists already') });
  });
});

describe('runs pause, resume and cancel', () => {
  test('reach their state, say the next command, and may be repeated', async () => {
    const csv = await rig.makeCsv(400);
    await sightline(['runs', 'start', ...slowly(csv, 1_000), '--id', 'obedient', '--shards-in-flight', '1']);
    for (const round of [1, 2]) {
      const paused = await sightline(['runs', 'pause', 'obedient', '--note', `coffee ${round}`]);
      expect(paused).toMatchObject({ code: 0, out: expect.stringContaining('paused (operator)') });
      expect(paused.err).toContain('Next: npx sightline runs resume obedient');
    }
    const watched = await sightline(['runs', 'watch', 'obedient', '--timeout', '0']);
    expect(watched).toMatchObject({ code: 6, err: expect.stringContaining('obedient stays paused (operator).') });
    expect(watched.err).toContain('Next: npx sightline runs resume obedient');
    const resumed = await sightline(['runs', 'resume', 'obedient', '--json']);
    expect(JSON.parse(resumed.out)).toMatchObject({ run_id: 'obedient', state: 'running', reasons: [] });
    for (const note of ['enough', 'really']) {
      const cancelled = await sightline(['runs', 'cancel', 'obedient', '--note', note]);
      expect(cancelled).toMatchObject({ code: 0, out: expect.stringContaining('cancelled') });
    }
    const { counts } = JSON.parse((await sightline(['runs', 'show', 'obedient', '--json'])).out);
    expect(counts.succeeded + counts.cancelled).toBe(400);
  });

  test('say so when the run has ended already', async () => {
    await sightline(['runs', 'start', 'demo/pictures', '--id', 'over', '--wait']);
    for (const verb of ['pause', 'resume', 'cancel']) {
      expect(await sightline(['runs', verb, 'over'])).toMatchObject({
        code: 0,
        err: expect.stringContaining(`nothing to ${verb}`),
      });
    }
  });
});

describe('runs show', () => {
  test('--json is the object of the protocol in snake_case', async () => {
    await sightline(['runs', 'start', 'demo/pictures', '--id', 'shown', '--wait']);
    const { code, out } = await sightline(['runs', 'show', 'shown', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      run_id: 'shown',
      state: 'completed',
      counts: { total: 19, succeeded: 16, skipped: 3, in_flight: 0, pending: 0 },
      failures: { ImageUnreadable: 3 },
      cost: { spent_usd: 0, unknown: 0 },
      request: { prompt: 'photo-quality', analyzer: { kind: 'offline' }, limits: { shard_size: 250 } },
      stale: false,
    });
  });

  test('an unknown run ends with 2 and the id that was meant', async () => {
    await sightline(['runs', 'start', 'demo/pictures', '--id', 'known-run', '--wait']);
    const wrong = await sightline(['runs', 'show', 'known-rum']);
    expect(wrong).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Did you mean known-run?') });
    expect(await sightline(['runs', 'pause', 'xyzzy-plugh-42'])).toMatchObject({ code: 2 });
  });

  test('tells when a run was terminated', async () => {
    const csv = await rig.makeCsv(60);
    await sightline(['runs', 'start', ...slowly(csv, 20_000), '--id', 'shot']);
    await rig.client.workflow.getHandle('shot').terminate();
    const { out } = await sightline(['runs', 'show', 'shot']);
    expect(out).toContain('shot  terminated');
    expect(out).toContain('rows that were committed are kept');
    expect((await sightline(['runs', 'watch', 'shot'])).code).toBe(10);
  });
});

describe('runs list', () => {
  test('lists the newest first, also runs that Temporal has forgotten, and passes over broken records', async () => {
    await sightline(['runs', 'start', 'demo/pictures', '--id', 'forgotten', '--wait']);
    await sightline(['runs', 'start', 'demo/pictures', '--id', 'remembered', '--wait']);
    await forget('forgotten');
    await until(
      () => listed('forgotten'),
      (count) => count === 0,
      'the list to forget the run',
    );
    await writeFile(join(rig.settings.dataDir, 'runs', 'broken.json'), '{"runId":');
    const { code, out, err } = await sightline(['runs', 'list']);
    expect(code).toBe(0);
    const lines = out.trim().split('\n');
    const lineOf = (runId: string): number => lines.findIndex((line) => line.startsWith(`${runId}\t`));
    expect(lineOf('remembered')).toBeLessThan(lineOf('forgotten'));
    expect(lines[lineOf('forgotten')]).toContain('completed (record)');
    expect(lines[lineOf('forgotten')]).toContain('19\t19\t3');
    expect(err).toContain('Temporal has forgotten');
    expect(err).toContain('broken.json is damaged');
    expect(out).toMatch(PIPED);
    const all = JSON.parse((await sightline(['runs', 'list', '--json'])).out);
    expect(all.find((run: { run_id: string }) => run.run_id === 'forgotten')).toMatchObject({ seen_in: 'record' });
    expect((await sightline(['runs', 'list', '--limit', '1', '--quiet'])).out).toBe('remembered\n');
    await rm(join(rig.settings.dataDir, 'runs', 'broken.json'));
    const shown = await sightline(['runs', 'show', 'forgotten']);
    expect(shown.out).toContain('19 = 16 succeeded + 3 skipped');
    expect(shown.out).toContain('Temporal does not know this run any more');
  });

  test('is a table on a terminal, no wider than it', async () => {
    const { out } = await sightline(['runs', 'list'], { terminal: true, columns: 70, env: { NO_COLOR: '1' } });
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(70);
    expect(out).toMatch(/^RUN +STATE +DONE +TOTAL/);
    expect(out).toMatch(PIPED);
    const coloured = await sightline(['runs', 'list'], { terminal: true });
    expect(coloured.out).toContain('\u001b[32mcompleted');
  });
});

async function forget(runId: string): Promise<void> {
  const { client } = rig;
  await client.workflowService.deleteWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: runId },
  });
  await until(
    () =>
      client.workflow
        .getHandle(runId)
        .describe()
        .then(
          () => true,
          () => false,
        ),
    (known) => !known,
    'Temporal to forget the run',
  );
}

async function listed(runId: string): Promise<number> {
  return (await Array.fromAsync(rig.client.workflow.list({ query: `WorkflowId = '${runId}'` }))).length;
}
