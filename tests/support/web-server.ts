import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface WebServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, or `https` */
  readonly origin: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
}

/** A real server on loopback that answers each path with the handler of that name; others are 404, or left to `others`. With a certificate it speaks TLS. */
export async function startWebServer(
  routes: Readonly<Record<string, RequestListener>>,
  others: RequestListener = (_, response) => response.writeHead(404).end('nothing here'),
  tls?: { readonly key: string; readonly cert: string },
): Promise<WebServer> {
  const asked: string[] = [];
  const answer: RequestListener = (request, response) => {
    asked.push(request.url ?? '');
    const handle = routes[new URL(request.url ?? '', 'http://h').pathname];
    (handle ?? others)(request, response);
  };
  const server = tls ? createSecureServer(tls, answer) : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
