import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openGemini } from '../../../analyzers/gemini/open-gemini.ts';

const HOUR_MS = 3_600_000;
const ANSWER = JSON.stringify({ candidates: [{ content: { role: 'model', parts: [{ text: '{}' }] } }] });

// One clock for all tests: undici keeps the timer that it made first.
beforeAll(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterAll(() => {
  vi.useRealTimers();
});

/** Resolves when undici has told of the headers of an answer; from then on it waits for the body. */
function headersHeard(): Promise<void> {
  const name = 'undici:request:headers';
  return new Promise((resolve) => {
    const hear = (): void => {
      unsubscribe(name, hear);
      resolve();
    };
    subscribe(name, hear);
  });
}

/** Lets an hour pass for the timers of undici, which are those of this process. */
async function letAnHourPass(): Promise<void> {
  await vi.advanceTimersByTimeAsync(HOUR_MS);
}

test.each<[what: string, answer: (response: ServerResponse) => Promise<void>]>([
  [
    'its headers',
    async (response) => {
      await letAnHourPass();
      response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER);
    },
  ],
  [
    'the rest of its body',
    async (response) => {
      const heard = headersHeard();
      response.writeHead(200, { 'content-type': 'application/json' }).write(ANSWER.slice(0, 10));
      await heard;
      await letAnHourPass();
      response.end(ANSWER.slice(10));
    },
  ],
])('a call is not given up although %s come an hour late', async (_what, answer) => {
  const server = createServer((_request, response) => void answer(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const model = await openGemini({
    kind: 'key',
    keys: ['sesame'],
    baseUrl: `http://127.0.0.1:${port}`,
    timeoutMs: 2 * HOUR_MS,
    callsAtOnce: 1,
  });
  const generation = {
    responseMimeType: 'application/json',
    responseSchema: { type: 'object' },
    maxOutputTokens: 10,
  } as const;
  const request = { model: 'gemini-any', system: 'Look.', parts: [{ text: 'What is it?' }], generation };
  try {
    const response = await model.send(request, new AbortController().signal);
    expect(response).toMatchObject({ candidates: [{ content: { parts: [{ text: '{}' }] } }] });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
