import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Decision } from './decide-answer.ts';

/** Sends what was decided; as server-sent events where a stream was asked for. */
export async function deliver(response: ServerResponse, decision: Decision, isStream: boolean): Promise<void> {
  if (decision.kind === 'silence') return;
  const { status, body, delivery } = decision;
  const json = JSON.stringify(body);
  const isEvent = isStream && status === 200;
  const bytes = Buffer.from(isEvent ? `data: ${json}\r\n\r\n` : json);
  response.writeHead(status, {
    'content-type': isEvent ? 'text/event-stream' : 'application/json; charset=UTF-8',
    ...(!isEvent && { 'content-length': bytes.length }),
  });
  switch (delivery.kind) {
    case 'whole':
      response.end(bytes);
      return;
    case 'cut':
      response.flushHeaders();
      // The callback runs when the bytes are with the system, so that the client sees them before the end.
      response.write(bytes.subarray(0, delivery.afterBytes), () => response.destroy());
      return;
    case 'pieces':
      for (const piece of split(bytes, delivery.pieces)) {
        await delay(delivery.pauseMs);
        if (response.destroyed) return;
        response.write(piece);
      }
      response.end();
  }
}

function split(bytes: Buffer, pieces: number): readonly Buffer[] {
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, piece) =>
    bytes.subarray(piece * size, (piece + 1) * size),
  );
}
