import { once } from 'node:events';
import { request as requestOf } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';

export interface PassedAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Asks `target`, for example `http://127.0.0.1:9050`, what the client has asked us. */
export async function passOn(target: string, message: IncomingMessage, body: Buffer): Promise<PassedAnswer> {
  const { host: _, 'transfer-encoding': __, ...headers } = message.headers;
  const outgoing = requestOf(`${target}${message.url ?? ''}`, {
    method: message.method ?? 'GET',
    headers: { ...headers, 'content-length': body.length },
  });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const { 'transfer-encoding': ___, ...kept } = incoming.headers;
  return { status: incoming.statusCode ?? 502, headers: kept, body: Buffer.concat(await incoming.toArray()) };
}
