import type { Content, GenerateContentConfig, GoogleGenAI } from '@google/genai';
import { Agent, fetch, type RequestInit as FetchOptions } from 'undici';
import { unneededCredentials } from '../../google/unneeded-credentials.ts';
import type { KeyAccess, VertexAccess } from '../ports.ts';
import type { OpenModel } from './ask-model.ts';
import { CallError } from './call-error.ts';
import { describeAccess } from './describe-access.ts';
import type { ModelRequest, ModelResponse } from './model-request.ts';
import { quietly } from './quietly.ts';
import { receiveAnswer } from './receive-answer.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/** Opens Gemini with `@google/genai`, which here never tries again by itself. Nothing is sent yet. */
export async function openGemini(access: VertexAccess | KeyAccess): Promise<OpenModel> {
  const { GoogleGenAI: Client } = await import('@google/genai');
  const common = () => ({
    apiVersion: 'v1',
    ...(access.baseUrl !== undefined && { httpOptions: { baseUrl: access.baseUrl } }),
  });
  const clients = quietly(() =>
    access.kind === 'key'
      ? access.keys.map((apiKey) => new Client({ ...common(), vertexai: false, apiKey }))
      : [new Client({ ...common(), ...placeOf(access) })],
  );
  // One clock for the whole call: the signal. Those of undici end calls that think for more than five minutes.
  const agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS }, headersTimeout: 0, bodyTimeout: 0 });
  return {
    send(request, signal) {
      const client = clients.shift();
      if (!client) throw new Error('an access without a key');
      clients.push(client);
      return send(client, agent, request, signal);
    },
    readsCloudStorage: access.kind === 'vertex',
    timeoutMs: access.timeoutMs,
    secrets: access.kind === 'key' ? access.keys : [],
    ...describeAccess(access),
  };
}

function placeOf({ project, location, credentialsFile, baseUrl }: VertexAccess) {
  const unneeded = baseUrl === undefined ? undefined : unneededCredentials(baseUrl);
  const found = credentialsFile === undefined ? {} : { googleAuthOptions: { keyFilename: credentialsFile } };
  return { vertexai: true, project, location, ...(unneeded ? { googleAuthOptions: { authClient: unneeded } } : found) };
}

async function send(
  client: GoogleGenAI,
  agent: Agent,
  { model, system, parts, generation }: ModelRequest,
  signal: AbortSignal,
): Promise<ModelResponse | null> {
  let sent = false;
  let answered = false;
  let retryAfter: string | null = null;
  // Of each call, because errors of the client tell neither that nothing was sent nor the headers of the answer.
  const transport = async (input: string, options: FetchOptions) => {
    sent = true;
    // Another server would be told the key, and shown the images.
    const response = await fetch(input, { ...options, dispatcher: agent, redirect: 'manual' });
    retryAfter = response.headers.get('retry-after');
    const received = await receiveAnswer(response);
    answered = received.ok;
    return received;
  };
  const config = {
    ...generation,
    systemInstruction: system,
    abortSignal: signal,
    httpOptions: { fetch: transport as unknown as typeof globalThis.fetch },
  };
  const contents = [{ role: 'user', parts: [...parts] }] satisfies Content[];
  try {
    return await client.models.generateContent({ model, contents, config: config as GenerateContentConfig });
  } catch (cause) {
    // The client stumbles over JSON that is no answer.
    if (answered && cause instanceof TypeError) return null;
    throw new CallError({ cause, sent, ...(retryAfter !== null && { retryAfter }) });
  }
}
