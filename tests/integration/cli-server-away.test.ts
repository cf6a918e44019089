import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../cli/run-cli.ts';
import { recordedIo } from '../support/recorded-io.ts';
import { startRig, until, type Rig } from '../support/rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig({ persistent: true });
  await rig.startWorker();
}, 120_000);
afterAll(() => rig.close());

test('a server that goes away and comes back is waited for, and nothing is lost', async () => {
  const csv = await rig.makeCsv(300);
  const io = recordedIo({ workingDir: rig.dir });
  const slow = [
    '--analyzer',
    'noop',
    '--setting',
    'delayMs=400',
    '--assets-in-flight',
    '10',
    '--shards-in-flight',
    '1',
  ];
  const running = runCli(['runs', 'start', csv, '--id', 'patient', '--wait', ...slow, ...rig.places], io);
  await until(
    async () => io.err(),
    (said) => /patient {2}running/.test(said),
    'the run to be shown',
  );
  await rig.server.kill();
  await until(
    async () => io.err(),
    (said) => said.includes('does not answer'),
    'the wait to notice',
  );
  await rig.crashServer();
  expect(await running).toBe(0);
  expect(io.err().match(/does not answer/g)).toHaveLength(1);
  expect(io.err()).toContain('The Temporal server is back.');
  expect(io.out()).toContain('300 = 300 succeeded');
}, 120_000);
