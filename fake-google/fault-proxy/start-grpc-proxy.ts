import { once } from 'node:events';
import { connect, constants, createServer } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import { createRuleBook } from '../rule-book.ts';
import type { RuleBook } from '../rule-book.ts';
import { listenOnLoopback } from '../listen-on-loopback.ts';

/** A gRPC call at a moment when the server sends something. */
export interface GrpcCall {
  /** For example `AppendRows` or `BatchCommitWriteStreams`. */
  readonly method: string;
  /** Pieces of the answer that were passed on before, 0 for a call of one answer. */
  readonly passed: number;
}

export type GrpcFault =
  /** The server has worked; the client's connection, with every call on it, is cut in place of the answer. */
  | { readonly kind: 'lose-answer' }
  /** The connection is cut after so many bytes of the answer. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  | { readonly kind: 'slow'; readonly delayMs: number };

/** The server is not asked; `code` is of google.rpc.Code, for example 14 for UNAVAILABLE. */
export interface GrpcRefusal {
  readonly code: number;
  readonly message: string;
}

export interface GrpcProxy extends AsyncDisposable {
  readonly port: number;
  /** Looked at whenever the server sends something. */
  readonly answers: Pick<RuleBook<GrpcCall, GrpcFault>, 'add' | 'clear'>;
  /** Looked at when a call begins; the question is its method. */
  readonly refusals: Pick<RuleBook<string, GrpcRefusal>, 'add' | 'clear'>;
  /** Cuts every connection that is open now. */
  cutAll(): void;
  close(): Promise<void>;
}

interface Relay {
  readonly answers: RuleBook<GrpcCall, GrpcFault>;
  readonly refusals: RuleBook<string, GrpcRefusal>;
}

/** Stands between a client and the gRPC services at `targetPort` of 127.0.0.1, both without TLS. */
export async function startGrpcProxy(targetPort: number): Promise<GrpcProxy> {
  const relay: Relay = { answers: createRuleBook(), refusals: createRuleBook() };
  const open = new Map<ServerHttp2Session, ClientHttp2Session>();
  const server = createServer();
  server.on('session', (session) => {
    const upstream = connect(`http://127.0.0.1:${targetPort}`);
    open.set(session, upstream);
    session.on('error', () => {});
    upstream.on('error', () => session.destroy());
    upstream.on('close', () => session.destroy());
    session.on('close', () => {
      open.delete(session);
      upstream.destroy();
    });
    session.on('stream', (stream, headers) => relayStream(relay, upstream, stream, headers));
  });
  const cutAll = (): void => {
    for (const session of open.keys()) session.destroy();
  };
  const { port, close } = await listenOnLoopback(server, 0, cutAll);
  return { port, ...relay, cutAll, close, [Symbol.asyncDispose]: close };
}

function relayStream(
  { answers, refusals }: Relay,
  upstream: ClientHttp2Session,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): void {
  const method = headers[':path']?.split('/').at(-1) ?? '';
  stream.on('error', () => {});
  const refusal = refusals.take(method);
  if (refusal !== undefined) {
    refuse(stream, refusal);
    return;
  }
  if (upstream.destroyed) {
    stream.session?.destroy();
    return;
  }
  const outgoing = upstream.request(headers, { endStream: false });
  stream.pipe(outgoing);
  stream.once('close', () => outgoing.close(constants.NGHTTP2_CANCEL));
  outgoing.on('error', () => stream.destroy());
  let trailers: IncomingHttpHeaders = {};
  outgoing.once('trailers', (received) => {
    trailers = received;
  });
  outgoing.once('response', (received, flags) => {
    // The client has gone meanwhile: killed, or cut by a rule on another call.
    if (stream.destroyed) return;
    const isAll = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    stream.respond(received, isAll ? { endStream: true } : { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers(trailers));
  });
  void passOn(outgoing, stream, method, answers).catch(() => stream.destroy());
}

/** Passes the answer on as it comes, unless a rule says otherwise. */
async function passOn(
  from: AsyncIterable<Buffer>,
  to: ServerHttp2Stream,
  method: string,
  answers: RuleBook<GrpcCall, GrpcFault>,
): Promise<void> {
  let passed = 0;
  for await (const piece of from) {
    const fault = answers.take({ method, passed });
    if (fault?.kind === 'lose-answer') {
      to.session?.destroy();
      return;
    }
    if (fault?.kind === 'cut') {
      to.write(piece.subarray(0, fault.afterBytes), () => to.session?.destroy());
      return;
    }
    if (fault?.kind === 'slow') await delay(fault.delayMs);
    if (to.destroyed) return;
    if (!to.write(piece)) await once(to, 'drain');
    passed++;
  }
  to.end();
}

function refuse(stream: ServerHttp2Stream, { code, message }: GrpcRefusal): void {
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': String(code),
      'grpc-message': encodeURIComponent(message),
    },
    { endStream: true },
  );
}
