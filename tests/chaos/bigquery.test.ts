/** @module-tag our-idea-of-bigquery */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startBigQueryRig, type BigQueryRig } from '../google/bigquery-rig.ts';
import { answerLost, stirUp } from '../google/stir-up.ts';
import { chooseSeed, seededRandom } from '../support/seed.ts';
import { killInTurn } from './kill-in-turn.ts';

const MIXTURES = 10;
const random = seededRandom(chooseSeed('mixtures into BigQuery'));

let google: BigQueryRig;
beforeAll(async () => {
  google = await startBigQueryRig();
  stirUp(google.proxy, random);
});
afterAll(() => google[Symbol.asyncDispose]());

/** They rest on our proxy and on what the stand-in answers to a second commit: they test our idea of BigQuery. */
describe('kills of workers and of BigQuery, lost answers and refusals in random order', () => {
  it.each(Array.from({ length: MIXTURES }, (_, index) => `mixture-${index + 1}`))(
    'leave every row once in BigQuery: %s',
    (runId) => {
      // Meets any shard at any step: what it has staged is forgotten.
      const appends = Math.ceil(random() * 20);
      const crashed = answerLost(google.proxy, 'AppendRows', appends).then(() => google.crashBigQuery());
      return killInTurn(google, runId, google.dataset.spec, random, crashed);
    },
  );
});
