import { checkGoogle } from '../../cli/gcloud/check-google.ts';
import { refusalOf } from '../../cli/gcloud/google-call.ts';
import { planSetUp } from '../../cli/gcloud/set-up-google.ts';
import { planTearDown } from '../../cli/gcloud/tear-down-google.ts';
import type { SmokeBench } from './smoke-bench.ts';

export async function trySignIn(bench: SmokeBench): Promise<string> {
  const { member } = await bench.google();
  return `Credentials were found; they are of ${member}.`;
}

/** Makes the dataset and the bucket that everything after this works in. */
export async function tryGcloud(bench: SmokeBench): Promise<string> {
  const { project, location, bucket, endpoints, store } = bench;
  const { call, member } = await bench.google();
  for (const step of planSetUp({ project, dataset: store.dataset, location, bucket, endpoints })) {
    const answer = await call(step.call);
    if (answer.status >= 300) throw new Error(`The ${step.what} cannot be made: ${refusalOf(answer)}`);
  }
  const place = { project, dataset: store.dataset, bucket };
  const checks = await checkGoogle({ place, endpoints, member, call, command: (words) => `npx sightline ${words}` });
  const missing = checks.filter(({ state }) => state !== 'ok').map(({ name, message }) => `${name}: ${message}`);
  if (missing.length > 0) throw new Error(missing.join(' '));
  const { removed } = await planTearDown({ ...store, results: [], underWay: [], all: false, endpoints, call });
  return `Set-up made a dataset and a bucket, ${checks.length} checks were fine, and teardown would remove ${removed.length} tables.`;
}
