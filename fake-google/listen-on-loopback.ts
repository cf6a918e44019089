import { once } from 'node:events';
import type { Server } from 'node:net';

export interface Listening {
  readonly port: number;
  /** Takes nothing new and ends when all connections have; `cut` ends those that are open. Repeating it changes nothing. */
  close(): Promise<void>;
}

/** Lets a server listen on 127.0.0.1; port 0 is a free one. */
export async function listenOnLoopback(server: Server, port: number, cut: () => void): Promise<Listening> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
  return {
    port: address.port,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
