import type { GoogleCall } from './google-call.ts';
import type { GoogleEndpoints } from './google-endpoints.ts';

interface SetUpInput {
  readonly project: string;
  readonly dataset: string;
  /** Where data is kept, such as `EU`; it cannot be changed later. */
  readonly location: string;
  /** Made too when it is named. */
  readonly bucket?: string;
  readonly endpoints: GoogleEndpoints;
}

/** One thing that set-up makes. That it is there already (409) is as good. */
export interface SetUpStep {
  readonly what: string;
  readonly call: GoogleCall;
}

/** What has to be there before the first run; runs make their tables themselves. */
export function planSetUp({ project, dataset, location, bucket, endpoints }: SetUpInput): readonly SetUpStep[] {
  const datasetCall: GoogleCall = {
    method: 'POST',
    url: `${endpoints.bigquery}/bigquery/v2/projects/${project}/datasets`,
    body: {
      datasetReference: { projectId: project, datasetId: dataset },
      location,
      description: 'Results of Sightline',
    },
  };
  const bucketCall: GoogleCall = {
    method: 'POST',
    url: `${endpoints.storage}/storage/v1/b?project=${project}`,
    body: { name: bucket, location, iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } },
  };
  return [
    { what: `dataset ${dataset} in ${location}`, call: datasetCall },
    ...(bucket === undefined ? [] : [{ what: `bucket ${bucket} in ${location}`, call: bucketCall }]),
  ];
}
