import { describe, expect, it } from 'vitest';
import { freePort } from '../../processes/free-port.ts';
import { startHealthServer } from '../../workers/health-server.ts';

describe('the liveness endpoint', () => {
  it('is 200 while the worker lives, 503 afterwards, and knows no other path', async () => {
    let live = true;
    const server = await startHealthServer(await freePort(), () => live);
    const status = async (path: string) => (await fetch(new URL(path, server!.url))).status;
    expect(await status('/livez')).toBe(200);
    expect(await status('/readyz')).toBe(404);
    live = false;
    expect(await status('/livez')).toBe(503);
    await server!.close();
    await expect(fetch(server!.url)).rejects.toThrow('fetch failed');
  });

  it('is not there when no port is set', async () => {
    expect(await startHealthServer(0, () => true)).toBeUndefined();
  });
});
