import sharp from 'sharp';
import type { Settings } from '../../config/settings.ts';
import type { FaultProxy } from '../../fake-google/fault-proxy/start-fault-proxy.ts';
import type { Fault } from '../../fake-google/gemini/faults.ts';
import type { GeminiServer } from '../../fake-google/gemini/start-gemini.ts';
import type { Rig } from '../../tests/support/rig.ts';
import { endOf, type BadCase, type BadGroup } from './bad-case.ts';
import { failedRun, newId } from './run-cases.ts';

/** What the cases need of the servers that stand in for Google. */
export interface GoogleBench {
  readonly rig: Rig;
  /** Before BigQuery, which has the table `assets.poles` and the empty dataset `results`. */
  readonly proxy: FaultProxy;
  readonly gemini: GeminiServer;
  readonly storageUrl: string;
}

export const GOOGLE_TITLE = { title: 'Google Cloud' } as const;

const PROJECT = 'sightline-test';
const POLES = `bq://${PROJECT}.assets.poles`;

interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  /** Which calls are refused. Default: all. */
  readonly when?: (call: { readonly body: string }) => boolean;
}

/** A source that BigQuery does not give; `refusal` is what Google says by its documentation where the stand-in knows no such thing. */
function source(on: GoogleBench, what: string, argv: readonly string[], todo: string, refusal?: Refusal): BadCase {
  return {
    what,
    todo,
    async make(bench) {
      const { rules } = on.proxy.rest;
      const { when, ...rest } = refusal ?? { when: undefined };
      if ('status' in rest) rules.add({ fault: { kind: 'refuse', ...rest }, ...(when && { when }) });
      const env = { SIGHTLINE_BIGQUERY_ENDPOINT: on.proxy.rest.url, SIGHTLINE_STORAGE_ENDPOINT: on.storageUrl };
      try {
        return endOf(await bench.sightline(['sources', 'inspect', ...argv], { env }));
      } finally {
        rules.clear();
      }
    },
  };
}

/** A run over one picture that Gemini refuses; it waits, and its notes say why. */
function pausedRun(on: GoogleBench, what: string, fault: Fault, access: Partial<Settings>, todo: string): BadCase {
  return {
    what,
    todo,
    async make(bench) {
      const { rig, gemini } = on;
      const [runId, photo] = [newId(), sharp({ create: { width: 40, height: 30, channels: 3, background: 'red' } })];
      await bench.write('photos/a.jpg', await photo.jpeg().toBuffer());
      gemini.faults.add({ fault });
      const worker = await rig.startWorker({ settings: access });
      try {
        const asked = ['--analyzer', 'gemini', '--prompt', 'description'];
        await bench.sightline(['runs', 'start', 'photos', ...asked, '--id', runId]);
        const { notes, reasons } = await rig.until(
          () => rig.progress(runId),
          ({ state }) => state === 'paused',
          'the run to be paused',
        );
        await bench.sightline(['runs', 'cancel', runId, '--wait']);
        const message = notes.find((note) => note.startsWith('Paused: ')) ?? '';
        return { message, ends: `run paused: ${reasons.join(', ')}` };
      } finally {
        gemini.faults.clear();
        await worker.stop();
      }
    },
  };
}

export function googleGroup(on: GoogleBench): BadGroup {
  const byKey = { geminiApiKey: 'sesame', geminiBaseUrl: on.gemini.url };
  const byProject = {
    googleCloudProject: 'my-project',
    googleCloudLocation: 'europe-west9',
    vertexBaseUrl: on.gemini.url,
  };
  return {
    ...GOOGLE_TITLE,
    intro:
      'Made with [servers that stand in for Google](how-to/test-without-google.md), so what Google says may be worded otherwise; where these servers know no such thing, the words are those of the documentation. What a run is refused it is refused at its start; while it is paused nothing is lost, and `runs resume` goes on.',
    cases: [
      source(on, 'no such table', [`bq://${PROJECT}.assets.masts`], 'check the name'),
      source(on, 'no such dataset', [`bq://${PROJECT}.nowhere.poles`], 'check the name'),
      source(on, 'no such project', ['bq://no-such-project.assets.poles'], 'check the name', {
        status: 404,
        reason: 'notFound',
        message: 'Not found: Project no-such-project',
      }),
      source(on, 'a table that may not be read', [POLES], 'get the roles; `gcloud check` shows how', {
        status: 403,
        reason: 'accessDenied',
        message: `Access Denied: Table ${PROJECT}:assets.poles: User does not have permission to query table`,
      }),
      source(
        on,
        'a query that is wrong',
        [`bq://${PROJECT}`, '--query', 'SELECT nope FROM assets.poles'],
        'mend the query',
        {
          status: 400,
          reason: 'invalidQuery',
          message: 'Unrecognized name: nope at [1:8]',
        },
      ),
      source(
        on,
        'more bytes than are allowed',
        [POLES, '--maximum-bytes-billed', '1000000'],
        'set filters, or raise the cap',
        {
          status: 400,
          reason: 'bytesBilledLimitExceeded',
          message: 'Query exceeded limit for bytes billed: 1000000. 20971520 or higher required.',
          when: ({ body }) => body.includes('maximumBytesBilled'),
        },
      ),
      source(on, 'a query in another location than its data', [POLES], 'leave the location out', {
        status: 404,
        reason: 'notFound',
        message: `Not found: Dataset ${PROJECT}:assets was not found in location EU`,
        when: ({ body }) => body.includes('"query"'),
      }),
      source(on, 'a quota of BigQuery that is used up', [POLES], 'nothing; a run tries again for 24 hours', {
        status: 403,
        reason: 'quotaExceeded',
        message: 'Quota exceeded: Your project exceeded quota for concurrent queries',
      }),
      source(on, 'no such bucket', ['gs://no-such-bucket/poles'], 'check the name'),
      missingResults(on),
      pausedRun(on, 'a model or region that there is not', { kind: 'refused', status: 404 }, byProject, 'as it says'),
      pausedRun(
        on,
        'a key that was revoked',
        { kind: 'key-revoked' },
        byKey,
        'a new key for the workers, then `runs resume`',
      ),
      pausedRun(
        on,
        'a daily quota of Gemini',
        { kind: 'exhausted-for-the-day' },
        byKey,
        'wait or raise it, then `runs resume`',
      ),
    ],
  };
}

function missingResults({ rig, proxy }: GoogleBench): BadCase {
  return {
    what: 'a dataset for results that there is not',
    todo: 'make it',
    async make(bench) {
      const worker = await rig.startWorker({ settings: { bigQueryEndpoint: proxy.rest.url } });
      try {
        await bench.write('poles.csv', 'id,image\na,a.jpg\n');
        return await failedRun(bench, ['poles.csv', '--out', `bq://${PROJECT}.nowhere`]);
      } finally {
        await worker.stop();
      }
    },
  };
}
