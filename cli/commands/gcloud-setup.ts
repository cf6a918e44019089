import { CliError, usageError } from '../cli-error.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { callText, type CallGoogle } from '../gcloud/google-call.ts';
import { endpointsOf } from '../gcloud/google-endpoints.ts';
import { parseBucketName } from '../gcloud/google-place.ts';
import { ATTRIBUTES, attributesCommand, setUpAttributes } from '../gcloud/set-up-attributes.ts';
import { planSetUp, setUp, type SetUpStep } from '../gcloud/set-up-google.ts';
import { signIn } from '../gcloud/sign-in.ts';
import { checkWords, datasetOf } from '../gcloud/store-dataset.ts';
import { settingsOf } from '../open-worker.ts';
import { cleanText } from '../output/clean-text.ts';

interface SetUpOptions {
  readonly store: string;
  readonly location: string;
  readonly bucket?: string;
  readonly dryRun?: boolean;
}

export const gcloudSetup = defineCommand<SetUpOptions>({
  usage: 'gcloud setup',
  summary:
    'Make the dataset for results, its tables, search attributes in Temporal, and a bucket when it is named; what is there already stays as it is',
  examples: [
    'gcloud setup --store bq://my-project.results --location EU --dry-run',
    'gcloud setup --store bq://my-project.results --location EU --bucket my-images',
  ],
  options: (command) =>
    command
      .requiredOption('--store <dataset>', 'as bq://project.dataset')
      .requiredOption('--location <name>', 'where data is kept, such as EU or us-central1; for good')
      .option('--bucket <name>', 'make this bucket too')
      .option('--dry-run', 'show the calls and make none'),
  async run(context, options) {
    const store = datasetOf(options.store);
    const endpoints = endpointsOf(settingsOf(context));
    const steps = planSetUp({ ...store, ...placeOf(options), endpoints });
    if (options.dryRun === true) {
      const calls = [
        ...steps.map(({ what, call }) => ({ what, call: callText(call) })),
        { what: ATTRIBUTES, call: attributesCommand(context) },
      ];
      if (context.globals.json === true) context.printJson(calls);
      else for (const { call } of calls) context.print(call);
      context.next(wordsOf(context, options));
      return EXIT_CODES.ok.code;
    }
    const { call } = await signIn(store.project, endpoints);
    const done = [];
    for (const step of steps) done.push(await take(context, step, call, checkWords(store)));
    done.push(await setUpAttributes(context));
    if (context.globals.json === true) context.printJson(done);
    context.next(checkWords(store));
    return EXIT_CODES.ok.code;
  },
});

function wordsOf({ word }: CliContext, { store, location, bucket }: SetUpOptions): string {
  const more = bucket === undefined ? '' : ` --bucket ${word(bucket)}`;
  return `gcloud setup --store ${word(store)} --location ${word(location)}${more}`;
}

function placeOf({ location, bucket }: SetUpOptions): { readonly location: string; readonly bucket?: string } {
  if (!/^[A-Za-z][A-Za-z0-9-]{1,40}$/.test(location)) {
    throw usageError(`${JSON.stringify(location)} is no location; write one such as EU, US or europe-west3.`);
  }
  if (bucket === undefined) return { location };
  const name = parseBucketName(bucket);
  if (name === null) throw usageError(`${JSON.stringify(bucket)} cannot be the name of a bucket.`);
  return { location, bucket: name };
}

async function take(context: CliContext, step: SetUpStep, call: CallGoogle, check: string) {
  const { what } = step;
  const result = await setUp(step, call);
  if (result.state === 'refused') {
    throw new CliError(EXIT_CODES.usage.code, `The ${what} cannot be made: ${cleanText(result.why)}`, {
      hint: result.fix ?? `What is missing, and how to get it, says ${context.command(check)}`,
    });
  }
  const { state } = result;
  if (context.globals.json !== true) context.print(`${what}: ${state === 'there' ? 'is there already' : 'made'}`);
  return { what, state };
}
