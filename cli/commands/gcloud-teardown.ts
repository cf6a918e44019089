import pLimit from 'p-limit';
import type { BigQueryStoreSpec } from '../../contracts/run.ts';
import { NoTemporalServer } from '../../client/client-errors.ts';
import { CliError, usageError } from '../cli-error.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { callText, refusalOf, type CallGoogle } from '../gcloud/google-call.ts';
import { endpointsOf } from '../gcloud/google-endpoints.ts';
import { signIn } from '../gcloud/sign-in.ts';
import { checkWords, datasetOf } from '../gcloud/store-dataset.ts';
import { planTearDown, TearDownRefused, type Removal, type TearDownPlan } from '../gcloud/tear-down-google.ts';
import { settingsOf } from '../open-worker.ts';
import { cleanText } from '../output/clean-text.ts';
import { repeated } from '../parse-option.ts';

interface TearDownOptions {
  readonly store: string;
  readonly results?: readonly string[];
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

export const gcloudTeardown = defineCommand<TearDownOptions>({
  usage: 'gcloud teardown',
  summary: 'Remove what runs that have ended needed while they went on; results only by their typed names',
  examples: [
    'gcloud teardown --store bq://my-project.results --dry-run',
    'gcloud teardown --store bq://my-project.results --results sightline_road_sign',
    'gcloud teardown --store "bq://my-project.results?bucket=my-rows" --dry-run',
  ],
  options: (command) =>
    command
      .requiredOption(
        '--store <dataset>',
        'as bq://project.dataset; with ?bucket=name, what rows that were loaded left there goes too',
      )
      .option('--results <table>', 'remove this table of results too; repeatable', repeated)
      .option(
        '--all',
        'also what runs under way need, which then fail, and rows that were never loaded; no Temporal server is asked',
      )
      .option('--dry-run', 'show the calls that would remove something and make none'),
  async run(context, options) {
    const store = datasetOf(options.store);
    const endpoints = endpointsOf(settingsOf(context));
    const { call } = await signIn(store.project, endpoints);
    const all = options.all === true;
    const needing = all ? {} : await listNeeding(context, store);
    const input = { ...store, results: options.results ?? [], underWay: [], ...needing, all, endpoints, call };
    const plan = await look(input, context.command(checkWords(store)));
    return carryOut(context, plan, options.dryRun === true ? null : call);
  },
});

async function listNeeding(context: CliContext, store: BigQueryStoreSpec) {
  await using sightline = await context.connect();
  try {
    return await sightline.needing(store);
  } catch (error) {
    if (!(error instanceof NoTemporalServer)) throw error;
    throw new CliError(
      EXIT_CODES.noServer.code,
      `${error.message} So nobody knows what runs under way still need, and nothing is removed.`,
      { hint: 'Name the server with --address; where there is none any more, type --all.', cause: error },
    );
  }
}

async function look(input: Parameters<typeof planTearDown>[0], check: string): Promise<TearDownPlan> {
  try {
    const plan = await planTearDown(input);
    const [refused] = plan.refused;
    if (refused !== undefined) {
      throw usageError(
        `${refused} is no table of results: it holds what is kept of all runs, and goes only with the dataset ${input.dataset} itself.`,
      );
    }
    const [unknown] = plan.unknown;
    if (unknown === undefined) return plan;
    const known = plan.kept.length === 0 ? 'it has none' : `it has ${plan.kept.join(', ')}`;
    throw usageError(`There is no table of results ${JSON.stringify(unknown)} in ${input.dataset}; ${known}.`);
  } catch (error) {
    if (!(error instanceof TearDownRefused)) throw error;
    throw new CliError(
      EXIT_CODES.usage.code,
      `The tables of ${input.dataset} cannot be listed: ${cleanText(error.message)}`,
      {
        hint: `What is missing, and how to get it, says ${check}`,
        cause: error,
      },
    );
  }
}

/** A run leaves an object for each of its shards. */
const REMOVED_AT_ONCE = 16;

async function carryOut(context: CliContext, plan: TearDownPlan, callGoogle: CallGoogle | null): Promise<ExitCode> {
  const { removed, kept, underWay, unended, unloaded } = plan;
  const stays = { kept, underWay, unended, unloaded };
  if (callGoogle === null) showCalls(context, removed, stays);
  else {
    await removeAll(context, removed, callGoogle);
    if (context.globals.json === true) context.printJson({ removed: removed.map(({ name }) => name), ...stays });
  }
  if (removed.length === 0) context.say('There is nothing to remove.');
  if (underWay.length > 0) {
    context.say(`Left alone: what runs under way need: ${underWay.join(', ')}. It can go when they have ended.`);
  }
  if (unended.length > 0) {
    context.say(
      `Left alone: what runs need whose record has no end, and which this server does not know: ${unended.join(', ')}. They may go on under another server, or be lost: then it goes with --all.`,
    );
  }
  if (unloaded.length > 0) {
    context.say(
      `Kept: ${unloaded.join(', ')}. Their rows are paid for, and no table has them: they go with --all only.`,
    );
  }
  if (kept.length > 0) context.say(`Kept: ${kept.join(', ')}. Results are removed by name only: --results <table>.`);
  return EXIT_CODES.ok.code;
}

type Stays = Pick<TearDownPlan, 'kept' | 'underWay' | 'unended' | 'unloaded'>;

function showCalls(context: CliContext, removed: readonly Removal[], stays: Stays): void {
  const calls = removed.map(({ call }) => callText(call));
  if (context.globals.json === true) context.printJson({ calls, ...stays });
  else for (const call of calls) context.print(call);
}

async function removeAll(context: CliContext, removed: readonly Removal[], callGoogle: CallGoogle): Promise<void> {
  const atOnce = pLimit(REMOVED_AT_ONCE);
  const removing = removed.map(({ name, call }) =>
    atOnce(async () => {
      const answer = await callGoogle(call);
      // Somebody else, or its own end, was first.
      if (answer.status >= 300 && answer.status !== 404) {
        throw new CliError(EXIT_CODES.unexpected.code, `${name} cannot be removed: ${cleanText(refusalOf(answer))}`);
      }
      if (context.globals.json !== true) context.print(`${name}: removed`);
    }),
  );
  await Promise.all(removing);
}
