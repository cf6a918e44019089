import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rig } from '../../tests/support/rig.ts';
import { endOf, type BadCase, type BadGroup, type Bench, type End } from './bad-case.ts';

/** What the cases need that happens on a server. */
export interface RunBench {
  readonly rig: Rig;
  /** Flags for a server to which no worker belongs. */
  readonly withoutWorker: readonly string[];
  /** Stands in for a disk on which nothing can be written. */
  readonly fullDisk: { isFull: boolean };
}

/** The id of a run for one case; ids are never used twice. */
export function newId(): string {
  return `bad-${randomUUID().slice(0, 8)}`;
}

/** How a run ends that was started without a look at it first. */
export async function failedRun(bench: Bench, argv: readonly string[]): Promise<End> {
  const runId = newId();
  const result = await bench.sightline(['runs', 'start', ...argv, '--id', runId, '--wait', '--no-check', '--json']);
  const { state, failure } = JSON.parse(result.out) as RunJson;
  return { message: `${failure?.name}: ${failure?.message}`, ends: `run ${state}, exit code ${result.code}` };
}

interface RunJson {
  readonly state: string;
  readonly failure?: { readonly name: string; readonly message: string };
}

/** A run that somebody starts without our commands. */
function raw({ rig }: RunBench, what: string, input: unknown, todo: string): BadCase {
  const make: BadCase['make'] = async (bench) => {
    const workflowId = newId();
    const args = input === undefined ? [] : [input];
    await rig.client.workflow.start('analyzeRun', { workflowId, taskQueue: 'sightline', args });
    const { out, code } = await bench.sightline(['runs', 'watch', workflowId, '--json']);
    const { state, failure } = JSON.parse(out) as RunJson;
    return { message: `${failure?.name}: ${failure?.message}`, ends: `run ${state}, exit code ${code}` };
  };
  return { what, todo, make };
}

const TABLE = 'id,image\na,a.jpg\nb,\n';

/** The words that run the table through. */
function runOfTable(runId: string): readonly string[] {
  return ['runs', 'start', 'poles.csv', '--analyzer', 'noop', '--id', runId, '--wait'];
}

function requests(on: RunBench): BadGroup {
  return {
    title: 'Requests that are written by hand',
    intro:
      'What a run that was started with `temporal workflow start --input`, or by a program, ends with. Nothing is written.',
    cases: [
      raw(on, 'no input', undefined, 'write `--input`'),
      raw(on, 'a list', [1], 'write an object'),
      raw(on, 'a field that there is not', { source: 'poles.csv', promt: 'x' }, 'correct it'),
      raw(on, 'no source', { prompt: 'resolution' }, 'name it'),
      raw(on, 'a source of another type', { source: 5 }, 'write its path'),
      raw(on, 'a kind that there is not', { source: { kind: 'excel', path: 'poles.xlsx' } }, 'export it as CSV'),
      raw(
        on,
        'a meaning of a column that there is not',
        { source: { kind: 'csv', path: 'poles.csv', map: { picture: 'photo' } } },
        '`image`',
      ),
      raw(
        on,
        'an encoding that there is not',
        { source: { kind: 'csv', path: 'poles.csv', encoding: 'ebcdic' } },
        'convert the file with `iconv`',
      ),
      raw(on, 'a limit out of bounds', { source: 'poles.csv', limits: { shardSize: 1_000 } }, 'take one within'),
    ],
  };
}

function runs(on: RunBench): BadGroup {
  return {
    title: 'Runs',
    intro: 'What `runs start` and `runs show` say when the rest was right.',
    cases: [
      {
        what: 'a folder without images, found by the worker',
        todo: 'name another one',
        async make(bench) {
          await mkdir(join(bench.dir, 'photos'));
          return failedRun(bench, ['photos']);
        },
      },
      {
        what: 'a row without image',
        todo: 'add one, or remove the row',
        async make(bench) {
          const runId = newId();
          await bench.write('poles.csv', TABLE);
          const { code } = await bench.sightline(runOfTable(runId));
          const { out } = await bench.sightline(['results', 'get', runId, 'b', '--json']);
          const row = JSON.parse(out) as Readonly<Record<string, string>>;
          const end = `${row['outcome']}, \`${row['failure']}\`; exit code ${code}`;
          return { message: row['failure_message'] ?? '', ends: end };
        },
      },
      {
        what: 'an id that a run has already',
        todo: 'leave `--id` out',
        async make(bench) {
          const runId = newId();
          await bench.write('poles.csv', TABLE);
          await bench.sightline(runOfTable(runId));
          const end = endOf(await bench.sightline(runOfTable(runId)));
          return { ...end, message: end.message.replaceAll(runId, 'my-run') };
        },
      },
      {
        what: 'a place for results where nothing can be written',
        todo: 'name another folder',
        async make(bench) {
          await bench.write('poles.csv', TABLE);
          await bench.write('a-file', '');
          const end = await failedRun(bench, ['poles.csv', '--out', 'a-file/results']);
          return { ...end, message: withoutFile(end.message) };
        },
      },
      fullDisk(on),
      {
        what: 'no worker, with `--wait`',
        todo: '`npx sightline worker`',
        async make(bench) {
          await bench.write('poles.csv', TABLE);
          return endOf(await bench.sightline(['runs', 'start', 'poles.csv', '--wait', ...on.withoutWorker]));
        },
      },
    ],
  };
}

/** The run goes on as soon as there is space. */
function fullDisk({ rig, fullDisk: disk }: RunBench): BadCase {
  const make: BadCase['make'] = async (bench) => {
    const runId = newId();
    await bench.write('poles.csv', ['id,image', ...Array.from({ length: 20 }, (_, n) => `${n},a.jpg`), ''].join('\n'));
    const slow = ['--analyzer', 'noop', '--setting', 'delayMs=500', '--insert-batch', '5'];
    await bench.sightline(['runs', 'start', 'poles.csv', ...slow, '--id', runId]);
    disk.isFull = true;
    const { out } = await rig.until(
      () => bench.sightline(['runs', 'show', runId]),
      (shown) => shown.out.includes('StoreUnavailable'),
      'the trouble to be shown',
    );
    disk.isFull = false;
    const { code } = await bench.sightline(['runs', 'watch', runId]);
    const [, message = ''] = /(StoreUnavailable.*)/.exec(out) ?? [];
    return {
      message: withoutFile(message.replaceAll(`${rig.settings.dataDir}/`, '')),
      ends: `tried again for 24 hours; exit code ${code} once there is space`,
    };
  };
  return { what: 'a disk that is full', todo: 'free space; nothing else', make };
}

/** Names of files below the results are made from ids that are new each time. */
function withoutFile(message: string): string {
  return message.replace(/(results\/photo-quality)\/\S+/, '$1/...');
}

/** Groups whose cases need a Temporal server. */
export function runGroups(on: RunBench): readonly BadGroup[] {
  return [requests(on), runs(on)];
}
