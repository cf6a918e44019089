import { checkGoogle } from '../../cli/gcloud/check-google.ts';
import { refusalOf } from '../../cli/gcloud/google-call.ts';
import { planSetUp, setUp } from '../../cli/gcloud/set-up-google.ts';
import { planTearDown } from '../../cli/gcloud/tear-down-google.ts';
import { isOfAllRuns } from '../../stores/bigquery/own-tables.ts';
import type { SmokeBench } from './smoke-bench.ts';

export async function trySignIn(bench: SmokeBench): Promise<string> {
  const { member } = await bench.google();
  return `Credentials were found; they are of ${member}.`;
}

/** Makes the dataset and the bucket that everything after this works in, and the tables of all runs; then again, which makes nothing. */
export async function tryGcloud(bench: SmokeBench): Promise<string> {
  const { project, location, bucket, endpoints, store } = bench;
  const { call, member } = await bench.google();
  const steps = planSetUp({ project, dataset: store.dataset, location, bucket, endpoints });
  for (const wanted of ['made', 'there']) {
    for (const step of steps) {
      const done = await setUp(step, call);
      if (done.state === 'refused') throw new Error(`The ${step.what} cannot be made: ${done.why}`);
      if (done.state !== wanted) throw new Error(`The ${step.what} is said to be ${done.state}, and is ${wanted}.`);
    }
  }
  const place = { project, dataset: store.dataset, bucket };
  const checks = await checkGoogle({ place, endpoints, member, call, command: (words) => `npx sightline ${words}` });
  const missing = checks.filter(({ state }) => state !== 'ok').map(({ name, message }) => `${name}: ${message}`);
  if (missing.length > 0) throw new Error(missing.join(' '));
  return `Set-up made ${steps.map(({ what }) => what).join(', ')}, and nothing when it was repeated; ${checks.length} checks were fine.`;
}

/** Over everything that was made before it. Only what is kept of all runs may stay. */
export async function tryTearDown(bench: SmokeBench): Promise<string> {
  const { store, bucket, endpoints } = bench;
  const { call } = await bench.google();
  const look = (results: readonly string[]) =>
    planTearDown({ ...store, bucket, results, underWay: [], all: true, endpoints, call });
  const { kept } = await look([]);
  const results = kept.filter((table) => !isOfAllRuns(table));
  const { removed } = await look(results);
  for (const { name, call: removal } of removed) {
    const answer = await call(removal);
    if (answer.status >= 300) throw new Error(`${name} cannot be removed: ${refusalOf(answer)}`);
  }
  const left = await look([]);
  const still = [...left.removed.map(({ name }) => name), ...left.kept.filter((table) => !isOfAllRuns(table))];
  if (still.length > 0) throw new Error(`Still there after teardown: ${still.join(', ')}.`);
  return `${removed.length} tables, views and objects were removed, ${results.length} of them by name; ${left.kept.join(' and ')} stay.`;
}
