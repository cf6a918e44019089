/** @module-tag our-idea-of-bigquery */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { forbidStreams, startLoadingRig, type LoadingRig } from '../google/loading-rig.ts';
import { stirUp } from '../google/stir-up.ts';
import { chooseSeed, seededRandom } from '../support/seed.ts';
import { killInTurn } from './kill-in-turn.ts';

const MIXTURES = 10;
const random = seededRandom(chooseSeed('mixtures of loads into BigQuery'));

let google: LoadingRig;
beforeAll(async () => {
  google = await startLoadingRig();
  forbidStreams(google);
  stirUp(google.proxy, random);
  stirUp(google.objects, random);
});
afterAll(() => google[Symbol.asyncDispose]());

/** They rest on our proxies and on what the stand-in answers to a job id that is taken: they test our idea of BigQuery. */
describe('kills, lost answers and refusals in random order', () => {
  it.each(Array.from({ length: MIXTURES }, (_, index) => `loads-${index + 1}`))(
    'leave every row that is loaded once in BigQuery: %s',
    (runId) => killInTurn(google, runId, google.loads, random),
  );
});
