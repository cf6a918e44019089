import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { createCallBook } from './call-book.ts';
import type { SeenCalls } from './call-book.ts';
import { createCallLimit } from './call-limit.ts';
import type { AskLimit, CallLimit } from './call-limit.ts';
import { decideAnswer } from './decide-answer.ts';
import type { Decision } from './decide-answer.ts';
import { deliver } from './deliver.ts';
import { createFaultBook } from './faults.ts';
import type { FaultBook, FaultRule } from './faults.ts';
import { badKeyError, exhaustedError } from './google-error.ts';
import type { GoogleError } from './google-error.ts';
import { latencyMs } from './latency.ts';
import type { Latency } from './latency.ts';
import { readCall } from './read-call.ts';
import { readRequest } from './read-request.ts';
import type { GeminiRequest } from './read-request.ts';
import { listenOnLoopback } from '../listen-on-loopback.ts';

export interface GeminiOptions {
  /** Port on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** Certificate and key in PEM: the server then speaks TLS. Default: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Changes all answers and times. Default `sightline`. */
  readonly seed?: string;
  readonly rules?: readonly FaultRule[];
  /** Per API key or project. Default: none. */
  readonly limit?: CallLimit;
  /** Default: at once. */
  readonly latency?: Latency;
  /** API keys that are taken. Default: every one. */
  readonly keys?: readonly string[];
  /** Default: the model that was asked, with `-001`. */
  readonly modelVersion?: string;
}

export interface GeminiServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, or https. */
  readonly url: string;
  readonly port: number;
  readonly faults: Pick<FaultBook, 'add' | 'clear'>;
  /** What was asked so far; also at `GET /control/calls`. */
  seen(): SeenCalls;
  /** From now on the key is refused. */
  revoke(key: string): void;
  close(): Promise<void>;
}

interface Room {
  readonly options: GeminiOptions;
  readonly seed: string;
  readonly faults: FaultBook;
  readonly calls: ReturnType<typeof createCallBook>;
  readonly askLimit: AskLimit;
  readonly revoked: Set<string>;
}

/**
 * Starts a server that answers `generateContent` as Vertex AI and the Gemini API do, about the images that really reach it:
 * the same images, schema and seed get the same answer.
 */
export async function startGemini(options: GeminiOptions = {}): Promise<GeminiServer> {
  const seed = options.seed ?? 'sightline';
  const room: Room = {
    options,
    seed,
    faults: createFaultBook(seed, options.rules),
    calls: createCallBook(),
    askLimit: createCallLimit(options.limit),
    revoked: new Set(),
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    // A client that goes away in the middle is no fault of this server.
    void answer(room, request, response).catch(() => response.destroy());
  };
  const server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  const { port, close } = await listenOnLoopback(server, options.port ?? 0, () => server.closeAllConnections());
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    faults: room.faults,
    seen: () => room.calls.seen(),
    revoke: (key) => room.revoked.add(key),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function answer(room: Room, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://127.0.0.1');
  if (message.method === 'GET' && url.pathname === '/control/calls') {
    await deliver(response, answerOf({ status: 200, body: room.calls.seen() }), false);
    return;
  }
  const body = Buffer.concat(await message.toArray());
  const call = readCall(url, message.headers);
  const request = 'status' in call ? call : readRequest(call, body);
  const asset = 'status' in request ? undefined : request.asset;
  const { attempt, end } = room.calls.begin(asset);
  response.once('close', () => end(response.headersSent ? response.statusCode : 0));
  if ('status' in request) {
    await deliver(response, answerOf(request), false);
    return;
  }
  const decision = refusal(room, request) ?? decideWith(room, request, attempt);
  const { latency } = room.options;
  if (latency !== undefined) await delay(latencyMs(latency, room.seed, request.digest, attempt));
  await deliver(response, decision, request.isStream);
}

function refusal({ options, revoked, askLimit }: Room, { payer, api }: GeminiRequest): Decision | undefined {
  const isUnknown = api === 'gemini' && options.keys !== undefined && !options.keys.includes(payer);
  if (revoked.has(payer) || isUnknown) return answerOf(badKeyError());
  const waitMs = askLimit(payer, Date.now());
  return waitMs === undefined ? undefined : answerOf(exhaustedError(waitMs));
}

function decideWith({ faults, seed, options }: Room, request: GeminiRequest, attempt: number): Decision {
  return decideAnswer(request, { fault: faults.faultFor(request, attempt), seed, modelVersion: options.modelVersion });
}

function answerOf({ status, body }: { readonly status: number; readonly body: object } | GoogleError): Decision {
  return { kind: 'answer', status, body, delivery: { kind: 'whole' } };
}
