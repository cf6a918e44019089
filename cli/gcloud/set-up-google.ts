import { refusalOf, type CallGoogle, type GoogleCall } from './google-call.ts';
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

/** One thing that set-up makes. That it is there already (409) is as good, when `look` finds it, and in this place. */
export interface SetUpStep {
  readonly what: string;
  readonly location: string;
  readonly call: GoogleCall;
  readonly look: GoogleCall;
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
    {
      what: `dataset ${dataset} in ${location}`,
      location,
      call: datasetCall,
      look: { method: 'GET', url: `${datasetCall.url}/${dataset}` },
    },
    ...(bucket === undefined
      ? []
      : [
          {
            what: `bucket ${bucket} in ${location}`,
            location,
            call: bucketCall,
            look: { method: 'GET', url: `${endpoints.storage}/storage/v1/b/${bucket}` } as const,
          },
        ]),
  ];
}

export type SetUpResult =
  { readonly state: 'made' | 'there' } | { readonly state: 'refused'; readonly why: string; readonly fix?: string };

/** Makes one thing, or finds it made. Names of buckets are the whole world's: one that is there may be anybody's. */
export async function setUp({ what, location, call, look }: SetUpStep, google: CallGoogle): Promise<SetUpResult> {
  const answer = await google(call);
  if (answer.status < 300) return { state: 'made' };
  if (answer.status !== 409) return { state: 'refused', why: refusalOf(answer) };
  const found = await google(look);
  if (found.status !== 200) {
    return {
      state: 'refused',
      why: `the name is taken, and what has it is not yours: ${refusalOf(found)}`,
      fix: 'Choose another name.',
    };
  }
  const { location: there = location } = found.body as { readonly location?: string };
  if (there.toLowerCase() === location.toLowerCase()) return { state: 'there' };
  return {
    state: 'refused',
    why: `it is there already, in ${there}, for good`,
    fix: `Name --location ${there}, or choose another name for the ${what.split(' ')[0]}.`,
  };
}
