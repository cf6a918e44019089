import { createServer } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createRuleBook } from '../rule-book.ts';
import type { RuleBook } from '../rule-book.ts';
import { refusalBody } from './rest-faults.ts';
import type { RestCall, RestFault } from './rest-faults.ts';
import { listenOnLoopback } from '../listen-on-loopback.ts';
import { passOn } from '../pass-on.ts';

export interface RestProxy extends AsyncDisposable {
  /** The `apiEndpoint` of a client that is to meet faults. */
  readonly url: string;
  readonly rules: Pick<RuleBook<RestCall, RestFault>, 'add' | 'clear'>;
  close(): Promise<void>;
}

/** Stands between a client and BigQuery's REST protocol at `target`, for example `http://127.0.0.1:9050`. */
export async function startRestProxy(target: string): Promise<RestProxy> {
  const rules = createRuleBook<RestCall, RestFault>();
  const server = createServer((message, response) => {
    // The server is away or the client is: the client sees a connection that is cut.
    void relay(target, rules, message, response).catch(() => response.destroy());
  });
  const { port, close } = await listenOnLoopback(server, 0, () => server.closeAllConnections());
  return { url: `http://127.0.0.1:${port}`, rules, close, [Symbol.asyncDispose]: close };
}

async function relay(
  target: string,
  rules: RuleBook<RestCall, RestFault>,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = Buffer.concat(await message.toArray());
  const fault = rules.take({ method: message.method ?? '', path: message.url ?? '', body: body.toString() });
  if (fault?.kind === 'refuse') {
    response.writeHead(fault.status, { 'content-type': 'application/json' }).end(refusalBody(fault));
    return;
  }
  const answer = await passOn(target, message, body);
  if (fault?.kind === 'slow') await delay(fault.delayMs);
  if (fault?.kind === 'lose-answer') {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, redirected(answer.headers, target, message.headers.host));
  if (fault?.kind === 'cut') {
    response.flushHeaders();
    response.write(answer.body.subarray(0, fault.afterBytes), () => response.destroy());
  } else response.end(answer.body);
}

/** A resumable upload is told where to go on: through here too. */
function redirected(headers: OutgoingHttpHeaders, target: string, host = ''): OutgoingHttpHeaders {
  const { location } = headers;
  if (typeof location !== 'string') return headers;
  return { ...headers, location: location.replace(target, `http://${host}`) };
}
