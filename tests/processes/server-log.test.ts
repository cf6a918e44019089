import { writeSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openServerLog } from '../../processes/server-log.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';

const WANTED = 'address already in use';

test.each([0, 1, 65_520, 65_536, 65_550, 300_000])('a text is found with %d bytes before it', async (before) => {
  await using folder = await temporaryFolder('sightline-log-');
  const path = join(folder.path, 'server.log');
  const log = await openServerLog(path);
  await appendFile(path, `${'.'.repeat(before)}${WANTED}${'.'.repeat(100_000)}`);
  expect(log.saysAny(['something else', WANTED])).toBe(true);
  expect(log.saysAny([`${WANTED}!`])).toBe(false);
  expect(log.tail()).not.toContain(WANTED);
  log.close();
});

test('what stood in the file before it was opened is not taken for what a server says now', async () => {
  await using folder = await temporaryFolder('sightline-log-');
  const path = join(folder.path, 'server.log');
  await writeFile(path, WANTED);
  const log = await openServerLog(path);
  expect(log.saysAny([WANTED])).toBe(false);
  await appendFile(path, 'started');
  expect([log.saysAny(['started']), log.saysAny([`${WANTED}started`])]).toEqual([true, false]);
  log.close();
  expect(log.tail()).toBe('started');
});

test('a log without a name is searched like any other, and an empty one says nothing', async () => {
  const log = await openServerLog(undefined);
  expect(log.saysAny([WANTED])).toBe(false);
  writeSync(log.fd, WANTED);
  expect(log.saysAny([WANTED])).toBe(true);
  log.close();
});
