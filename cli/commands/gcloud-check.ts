import { isDatasetName, isProjectId, noDatasetName, noProjectId } from '../../contracts/google-names.ts';
import { checkGoogle } from '../gcloud/check-google.ts';
import { endpointsOf } from '../gcloud/google-endpoints.ts';
import { parseBucketName, parseTableName, type GooglePlace } from '../gcloud/google-place.ts';
import { signIn } from '../gcloud/sign-in.ts';
import { usageError } from '../cli-error.ts';
import { defineCommand } from '../define-command.ts';
import { reportChecks } from '../doctor/report-checks.ts';
import { settingsOf } from '../open-worker.ts';

interface CheckOptions {
  readonly project: string;
  readonly dataset?: string;
  readonly source?: string;
  readonly bucket?: string;
  readonly loadBucket?: string;
}

export const gcloudCheck = defineCommand<CheckOptions>({
  usage: 'gcloud check',
  summary: 'Check the APIs and permissions that a run on Google Cloud needs, and say how to get those that are missing',
  examples: [
    'gcloud check --project my-project --dataset results',
    'gcloud check --project my-project --source bq://my-project.streets.poles --bucket gs://my-images',
  ],
  options: (command) =>
    command
      .requiredOption('--project <id>', 'the project that pays')
      .option('--dataset <name>', 'where results go')
      .option('--source <table>', 'a table to read, as bq://project.dataset.table')
      .option('--bucket <name>', 'where images are read')
      .option('--load-bucket <name>', 'where rows wait that are loaded into the dataset, in place of Storage Write'),
  async run(context, options) {
    const place = placeOf(options);
    const endpoints = endpointsOf(settingsOf(context));
    const { call, member } = await signIn(place.project, endpoints);
    const checks = await checkGoogle({ place, endpoints, member, call, command: context.command });
    return reportChecks(context, checks, 'runs start <source> --analyzer gemini --wait');
  },
});

function placeOf({ project, dataset, source, bucket, loadBucket }: CheckOptions): GooglePlace {
  if (!isProjectId(project)) throw usageError(`${noProjectId(project)}.`);
  if (dataset !== undefined && !isDatasetName(dataset)) throw usageError(`${noDatasetName(dataset)}.`);
  const table = source === undefined ? undefined : parseTableName(source);
  if (table === null) throw usageError(`${JSON.stringify(source)} is no table; write bq://project.dataset.table.`);
  return {
    project,
    ...(dataset !== undefined && { dataset }),
    ...(table && { source: table }),
    ...(bucket !== undefined && { bucket: bucketOf(bucket) }),
    ...(loadBucket !== undefined && { loadBucket: bucketOf(loadBucket) }),
  };
}

function bucketOf(text: string): string {
  const name = parseBucketName(text);
  if (name === null) throw usageError(`${JSON.stringify(text)} is no bucket; write gs://name.`);
  return name;
}
