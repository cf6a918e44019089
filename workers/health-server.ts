import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/** `/livez` on loopback: 200 while the process does its work, 503 otherwise; asks nothing of other services. Port 0: none. */
export async function startHealthServer(port: number, isLive: () => boolean): Promise<HealthServer | undefined> {
  if (port === 0) return undefined;
  const server = createServer((request, response) => {
    const known = request.url === '/livez';
    const live = known && isLive();
    response.writeHead(known ? (live ? 200 : 503) : 404, { 'content-type': 'text/plain' });
    response.end(known ? (live ? 'ok\n' : 'stopped\n') : 'not found: there is /livez\n');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}/livez`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
