import type { Settings } from '../../config/settings.ts';
import { parseStoreText } from '../../contracts/store-text.ts';
import { checkGoogle } from '../gcloud/check-google.ts';
import { CliError } from '../cli-error.ts';
import { endpointsOf } from '../gcloud/google-endpoints.ts';
import type { GooglePlace } from '../gcloud/google-place.ts';
import { signIn } from '../gcloud/sign-in.ts';
import { reasonOf } from '../reason-of.ts';
import type { Check } from './check.ts';

/** What the settings name on Google Cloud; where they name nothing, Google is not asked. */
export async function checkGoogleCloud(
  settings: Settings,
  command: (words: string) => string,
): Promise<readonly Check[]> {
  const endpoints = endpointsOf(settings);
  const checks: Check[] = [];
  for (const place of placesOf(settings)) {
    try {
      const { call, member } = await signIn(place.project, endpoints);
      checks.push(...(await checkGoogle({ place, endpoints, member, call, command })));
    } catch (error) {
      checks.push(notAsked(place, error));
    }
  }
  return checks;
}

/** The project that asks the model and reads tables, and the dataset that runs go to; each is looked at once. */
function placesOf({ googleCloudProject, store }: Settings): readonly GooglePlace[] {
  const parsed = parseStoreText(store);
  const home = parsed.ok && parsed.value.kind === 'bigquery' ? parsed.value : undefined;
  if (home !== undefined && home.project === googleCloudProject) return [home];
  return [
    ...(googleCloudProject === '' ? [] : [{ project: googleCloudProject }]),
    ...(home === undefined ? [] : [{ ...home, only: 'tables' as const }]),
  ];
}

function notAsked({ project }: GooglePlace, error: unknown): Check {
  const signedOut = error instanceof CliError ? error.hint : undefined;
  return {
    name: `project ${project}`,
    state: 'problem',
    message: signedOut === undefined ? `Google cannot be asked: ${reasonOf(error)}` : reasonOf(error),
    fix: signedOut ?? 'Check the connection and the credentials: gcloud auth application-default login',
  };
}
