import { availableParallelism, totalmem } from 'node:os';
import { createRequire } from 'node:module';
import { versionOf } from '../../cli/temporal-server/locate-temporal.mjs';

/** What a reader has to know about the machine to judge the numbers: nothing that names it. */
export async function machineFacts(temporal: string): Promise<Readonly<Record<string, string>>> {
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
  return {
    Cores: String(availableParallelism()),
    Memory: `${Math.round(totalmem() / 1024 ** 3)} GB`,
    Platform: `${process.platform} ${process.arch}`,
    Node: process.version.slice(1),
    'Temporal SDK': version,
    'Temporal CLI (development server)': (await versionOf(temporal)) ?? 'unknown',
  };
}
