import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { CliResult } from './recorded-io.ts';

/**
 * Compares what a command said with the file that is kept of it, in tests/cli/golden/. After a change that is meant:
 * `npm run test:unit -- golden -u` and `npm run test:integration -- golden -u`; then read the difference.
 */
export async function expectGolden(name: string, text: string): Promise<void> {
  await expect(text).toMatchFileSnapshot(fileURLToPath(new URL(`../cli/golden/${name}.txt`, import.meta.url)));
}

/** A command line and everything that came of it, without what differs between two runs or two machines. */
export function session(
  argv: readonly string[],
  { code, out, err }: CliResult,
  places: Readonly<Record<string, string>>,
): string {
  const talk = err === '' ? '' : `--- stderr\n${err}`;
  return normal(`$ sightline ${argv.join(' ')}\n${out}${talk}--- exit code ${code}\n`, places);
}

/** `places` are texts and what stands in their place. */
function normal(text: string, places: Readonly<Record<string, string>>): string {
  const named = Object.entries(places).reduce((so, [place, name]) => so.replaceAll(place, name), text);
  return (
    named
      .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| UTC)/g, '<time>')
      // Whether a wait saw each state on the way, and the very end, depends on the moment.
      .replaceAll(/^[\w-]+ {2}(preparing|running|verifying)\b.*\n/gm, '')
      .replaceAll(/, took [\d.]+ (ms|s)/g, '')
      .replaceAll(/\((\d+,)*\d+ KB\)/g, '(<size>)')
      .replaceAll(/(xdg-)?open (?=\S+\.html)/g, '<open> ')
      .replaceAll(/(just now|\d+ s ago)/g, '<ago>')
      .replaceAll(/shard-0[\w.-]+\.parquet/g, '<part>.parquet')
      .replaceAll(/-[0-9a-f]{10}\//g, '-<hash>/')
      .replaceAll(/"(latency_ms|rate_per_minute|size_bytes)": [\d.]+/g, '"$1": <number>')
  );
}
