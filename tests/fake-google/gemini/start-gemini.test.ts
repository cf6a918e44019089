import { expect, test } from 'vitest';
import { startGemini } from '../../../fake-google/gemini/start-gemini.ts';
import type { GeminiServer } from '../../../fake-google/gemini/start-gemini.ts';
import { BY_ADDRESS, GEMINI, INLINE, VERTEX } from './sample-request.ts';

function ask(server: GeminiServer, path = VERTEX, signal?: AbortSignal): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer any', 'x-goog-api-key': 'key-1' },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [path === GEMINI ? INLINE : BY_ADDRESS] }] }),
    ...(signal !== undefined && { signal }),
  });
}

test('counts the calls about each asset, and tells them at a control address', async () => {
  await using server = await startGemini();
  await (await ask(server)).json();
  await (await ask(server)).json();
  await expect
    .poll(() => server.seen())
    .toEqual({
      calls: 2,
      mostAtOnce: 1,
      callMs: expect.any(Number),
      underWay: 0,
      perAsset: { 'gs://pictures/a:b.jpg': 2 },
      perStatus: { 200: 2 },
    });
  expect(await (await fetch(`${server.url}/control/calls`)).json()).toEqual(server.seen());
});

test('limits the calls of a project, and names the wait', async () => {
  await using server = await startGemini({ limit: { calls: 1, perMs: 60_000 } });
  expect((await ask(server)).status).toBe(200);
  const refused = await ask(server);
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({
    error: { status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: expect.stringMatching(/^(?:59|60)\.\d{3}s$/) }] },
  });
  expect((await ask(server, GEMINI)).status).toBe(200);
});

test('refuses a key that is unknown, or was revoked in the middle', async () => {
  await using server = await startGemini({ keys: ['key-1'] });
  expect((await ask(server, GEMINI)).status).toBe(200);
  server.revoke('key-1');
  expect((await ask(server, GEMINI)).status).toBe(400);
});

test('hangs until the client gives up', async () => {
  await using server = await startGemini({ rules: [{ fault: { kind: 'hang' } }] });
  const control = new AbortController();
  const hanging = ask(server, VERTEX, control.signal);
  await expect.poll(() => server.seen().underWay).toBe(1);
  control.abort();
  await expect(hanging).rejects.toThrow('aborted');
  await expect.poll(() => server.seen()).toMatchObject({ underWay: 0, perStatus: { 0: 1 } });
});

test('cuts the connection in the middle of an answer', async () => {
  await using server = await startGemini({ rules: [{ fault: { kind: 'cut', afterBytes: 10 } }] });
  const response = await ask(server);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow('terminated');
});

test('sends an answer in pieces, and a stream as events', async () => {
  await using server = await startGemini({ rules: [{ fault: { kind: 'slow', pieces: 4, pauseMs: 5 } }] });
  const whole = (await (await ask(server)).json()) as object;
  const stream = await ask(server, VERTEX.replace(':generate', ':streamGenerate'));
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  expect(JSON.parse((await stream.text()).replace(/^data: /, ''))).toEqual(whole);
});

test('takes its time where it is told to', async () => {
  await using server = await startGemini({ latency: { medianMs: 80 } });
  const startedMs = performance.now();
  await (await ask(server)).json();
  expect(performance.now() - startedMs).toBeGreaterThan(75);
});
