import type { GenerateContentRequest, VertexAI } from '@google-cloud/vertexai';
import type { VertexAccess } from '../ports.ts';
import type { OpenModel } from './ask-model.ts';
import { CallError } from './call-error.ts';
import { describeAccess } from './describe-access.ts';
import type { ModelRequest, ModelResponse } from './model-request.ts';
import { networkCodeOf } from './network-error.ts';
import { quietly } from './quietly.ts';
import { vertexHost } from './vertex-host.ts';
import { withStatus } from './with-status.ts';

/**
 * Opens Gemini with `@google-cloud/vertexai`. This client cannot be stopped in the middle of a call, and Node ends its calls
 * after five minutes without an answer. It always speaks TLS. How long an answer may be is not bounded here: the client receives
 * it by itself.
 */
export async function openVertexAi(access: VertexAccess): Promise<OpenModel> {
  const { VertexAI: Client } = await import('@google-cloud/vertexai');
  const { project, location, credentialsFile, baseUrl } = access;
  const client = quietly(
    () =>
      new Client({
        project,
        location,
        // The client knows only those of regions.
        apiEndpoint: baseUrl === undefined ? vertexHost(location) : new URL(baseUrl).host,
        ...(credentialsFile !== undefined && { googleAuthOptions: { keyFilename: credentialsFile } }),
      }),
  );
  return {
    send: (request) => send(client, request),
    readsCloudStorage: true,
    timeoutMs: access.timeoutMs,
    secrets: [],
    ...describeAccess(access),
  };
}

async function send(
  client: VertexAI,
  { model, system, parts, generation }: ModelRequest,
): Promise<ModelResponse | null> {
  const request = {
    contents: [{ role: 'user', parts }],
    systemInstruction: { role: 'system', parts: [{ text: system }] },
    generationConfig: { ...generation, responseSchema: inCapitals(generation.responseSchema) },
  };
  try {
    const result = await withStatus(isStumble, () =>
      client.getGenerativeModel({ model }).generateContent(request as unknown as GenerateContentRequest),
    );
    return result.response;
  } catch (error) {
    if (error instanceof TypeError && isStumble(error)) return null;
    const isAboutCredentials = error instanceof Error && error.name === 'GoogleAuthError';
    throw new CallError({ cause: isAboutCredentials ? error.cause : error, sent: !isAboutCredentials });
  }
}

/** Of errors of the network and of sign-in the client makes its own: by itself it stumbles over bodies that are no answer, and no error as Google writes it. */
function isStumble(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof TypeError && networkCodeOf(error) === undefined);
}

/** The names of types as the protocol has them: `@google/genai` writes them so by itself. */
function inCapitals(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'type' && typeof value === 'string' ? value.toUpperCase() : value,
  );
}
