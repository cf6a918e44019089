import type { GenerateContentRequest, VertexAI } from '@google-cloud/vertexai';
import type { VertexAccess } from '../ports.ts';
import type { OpenModel } from './ask-model.ts';
import { CallError } from './call-error.ts';
import { describeAccess } from './describe-access.ts';
import type { ModelRequest, ModelResponse } from './model-request.ts';
import { quietly } from './quietly.ts';

/**
 * Opens Gemini with `@google-cloud/vertexai`. This client cannot be stopped in the middle of a call, and Node ends its calls
 * after five minutes without an answer. It always speaks TLS.
 */
export async function openVertexAi(access: VertexAccess): Promise<OpenModel> {
  const { VertexAI: Client } = await import('@google-cloud/vertexai');
  const { project, location, credentialsFile } = access;
  const client = quietly(
    () =>
      new Client({
        project,
        location,
        apiEndpoint: hostOf(access),
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

/** The client makes a host of a region's name; locations that are none have hosts of their own. */
function hostOf({ baseUrl, location }: VertexAccess): string {
  if (baseUrl !== undefined) return new URL(baseUrl).host;
  if (location === 'global') return 'aiplatform.googleapis.com';
  if (location === 'us' || location === 'eu') return `aiplatform.${location}.rep.googleapis.com`;
  return `${location}-aiplatform.googleapis.com`;
}

async function send(client: VertexAI, { model, system, parts, generation }: ModelRequest): Promise<ModelResponse> {
  const request = {
    contents: [{ role: 'user', parts }],
    systemInstruction: { role: 'system', parts: [{ text: system }] },
    generationConfig: { ...generation, responseSchema: inCapitals(generation.responseSchema) },
  };
  try {
    const result = await client
      .getGenerativeModel({ model })
      .generateContent(request as unknown as GenerateContentRequest);
    return result.response;
  } catch (error) {
    const isAboutCredentials = error instanceof Error && error.name === 'GoogleAuthError';
    throw new CallError({ cause: isAboutCredentials ? error.cause : error, sent: !isAboutCredentials });
  }
}

/** The names of types as the protocol has them: `@google/genai` writes them so by itself. */
function inCapitals(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'type' && typeof value === 'string' ? value.toUpperCase() : value,
  );
}
