import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { encode, noise } from '../images/sample-images.ts';
import { startWebServer, type WebServer } from '../support/web-server.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

let rig: Rig;
useRig((started) => (rig = started), {}, { settings: { allowPrivateAddresses: '127.0.0.1' } });

let server: WebServer;
beforeAll(async () => {
  const picture = await encode(noise(300, 200), 'jpeg');
  let asked = 0;
  server = await startWebServer({
    '/good.jpg': (_, response) => response.end(picture),
    '/moved.jpg': (_, response) => response.writeHead(301, { location: '/good.jpg' }).end(),
    '/busy-twice.jpg': (_, response) => {
      asked += 1;
      if (asked <= 2) response.writeHead(503, { 'retry-after': '1' }).end();
      else response.end(picture);
    },
    '/closed.jpg': (_, response) => response.writeHead(403).end(),
    '/inside.jpg': (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    '/page.jpg': (_, response) => response.end('<html>sign in</html>'),
  });
});
afterAll(() => server[Symbol.asyncDispose]());

describe('a run over images behind addresses', () => {
  it('gives each its row: pictures are answered, and what cannot be fetched is named', async () => {
    const names = ['good', 'moved', 'busy-twice', 'closed', 'inside', 'page', 'missing'];
    const source = join(rig.dir, 'addresses.csv');
    const lines = names.map((name) => `${name},${server.origin}/${name}.jpg?key=secret`);
    await writeFile(source, ['id,image', ...lines, ''].join('\n'));
    const handle = await rig.startRun('fetched', {
      source,
      analyzer: { kind: 'offline', settings: { maxSidePx: 100 } },
    });
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts).toMatchObject({ succeeded: 3, skipped: 4 });

    const rows = await rig.rows(summary);
    const ends = Object.fromEntries(rows.map((row) => [row['asset_id'], row['failure'] ?? row['outcome']]));
    expect(ends).toEqual({
      good: 'succeeded',
      moved: 'succeeded',
      'busy-twice': 'succeeded',
      closed: 'ImageForbidden',
      inside: 'AddressRefused',
      page: 'ImageUnreadable',
      missing: 'ImageMissing',
    });
    expect(rows.find((row) => row['asset_id'] === 'busy-twice')).toMatchObject({ attempts: 3 });
    expect(new Set(rows.map((row) => row['settings']))).toEqual(new Set(['{"maxSidePx":100}']));
    expect(rows.map((row) => String(row['failure_message'])).join('\n')).not.toContain('secret');
  });
});
