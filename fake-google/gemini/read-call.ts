import type { IncomingHttpHeaders } from 'node:http';
import { googleError } from './google-error.ts';
import type { GoogleError } from './google-error.ts';

/** Where a call goes and who pays for it. */
export interface Call {
  readonly api: 'vertex' | 'gemini';
  readonly model: string;
  /** Whether the answer is wanted piece by piece, as server-sent events. */
  readonly isStream: boolean;
  /** API key, or `projects/<project>`: what a limit counts. */
  readonly payer: string;
  /** Of Vertex AI only, for example `us-central1` or `global`. */
  readonly location?: string;
}

const VERTEX =
  /^\/v1(?:beta1)?\/(?:projects\/(?<project>[^/]+)\/locations\/(?<location>[^/]+)\/)?publishers\/google\/models\/(?<model>[^/:]+):(?<method>\w+)$/;
const GEMINI = /^\/v1(?:beta)?\/models\/(?<model>[^/:]+):(?<method>\w+)$/;

/** Reads address and credentials of a call; the error is what Google answers where it knows no such address or caller. */
export function readCall(url: URL, headers: IncomingHttpHeaders): Call | GoogleError {
  const vertex = VERTEX.exec(url.pathname)?.groups;
  const { model = '', method = '', project, location } = vertex ?? GEMINI.exec(url.pathname)?.groups ?? {};
  const isStream = method === 'streamGenerateContent';
  if (!isStream && method !== 'generateContent')
    return googleError(404, `${url.pathname} was not found on this server.`);
  const key = keyOf(url, headers);
  const call = { api: vertex === undefined ? 'gemini' : 'vertex', model, isStream } as const;
  if (project === undefined) {
    if (key === undefined) return googleError(403, 'Method doesn’t allow unregistered callers. Please use an API key.');
    return { ...call, payer: key };
  }
  if (headers.authorization?.startsWith('Bearer ') !== true) {
    return googleError(401, 'Request is missing required authentication credential. Expected OAuth 2 access token.');
  }
  return { ...call, payer: `projects/${project}`, ...(location !== undefined && { location }) };
}

function keyOf(url: URL, headers: IncomingHttpHeaders): string | undefined {
  const key = headers['x-goog-api-key'] ?? url.searchParams.get('key');
  return typeof key === 'string' && key !== '' ? key : undefined;
}
