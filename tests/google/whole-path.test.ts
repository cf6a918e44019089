import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { PROJECT } from '../support/google-clients.ts';
import { temporalBinary } from '../support/rig.ts';
import { once } from './bigquery-rig.ts';
import { startStreetRig, type StreetRig } from './street-rig.ts';

const ASSETS = 2_000;

let google: StreetRig;
beforeAll(async () => {
  google = await startStreetRig(ASSETS);
});
afterAll(() => google[Symbol.asyncDispose]());

test('observations in BigQuery become answers of Gemini in BigQuery, started from the Temporal CLI', async () => {
  const { rig, dataset, gemini, source } = google;
  const worker = await rig.spawnWorker(google.places);
  const input = JSON.stringify({
    source,
    prompt: 'utility-pole',
    analyzer: { kind: 'gemini' },
    store: `bq://${PROJECT}.${dataset.spec.dataset}`,
  });
  const start = ['workflow', 'start', '--type', 'analyzeRun', '--task-queue', 'sightline', '--workflow-id', 'whole'];
  const where = ['--address', rig.server.address];
  await promisify(execFile)(await temporalBinary(), [...start, '--input', input, ...where]);
  const summary = (await rig.client.workflow.getHandle('whole').result()) as RunSummary;

  const { total, succeeded, not_visible: notVisible, failed } = summary.counts;
  expect(total).toBeGreaterThan(ASSETS * 0.9);
  expect(failed).toBe(0);
  expect(succeeded + notVisible).toBeGreaterThan(total * 0.99);
  expect(await google.countRows('whole', 'utility_pole')).toEqual(once(total));
  const outcomes = await dataset.query(
    'SELECT outcome, COUNT(*) AS number FROM {}.sightline_utility_pole GROUP BY outcome',
  );
  const byOutcome = Object.fromEntries(outcomes.map(({ outcome, number }) => [outcome, number]));
  expect(byOutcome).toMatchObject({ succeeded, ...(notVisible > 0 && { not_visible: notVisible }) });
  // Each was asked for once, by the names of its images.
  expect(gemini.seen()).toMatchObject({
    calls: total - summary.counts.skipped,
    perStatus: { 200: expect.any(Number) },
  });
  await worker.stop();
  expect(await rig.replayAll()).toBeGreaterThan(5);
}, 300_000);
