// Gets what a fresh clone lacks: node_modules and the Temporal server. Says nothing when nothing is missing.
// `--own-server`: a server of our own is needed, even where TEMPORAL_ADDRESS names one (the tests kill theirs).
// `--google-servers`: the servers too that stand in for Google Cloud; they need Python 3.11 with venv, and Go.
// `--google-tests`: those, and Google's Python client for BigQuery, which reads in tests what we have written.
// Runs on Node 20 and newer, on nothing but what Node brings.
import { fileURLToPath } from 'node:url';
import { locateTemporal, locateTemporalBinary } from '../cli/temporal-server/locate-temporal.mjs';
import { TemporalMissingError, obtainTemporal } from '../cli/temporal-server/obtain-temporal.mjs';
import { obtainPython } from '../fake-google/servers/obtain-python.mjs';
import { obtainServers } from '../fake-google/servers/obtain-servers.mjs';
import { ServerMissingError } from '../fake-google/servers/server-missing-error.mjs';
import { InstallError, installPackages } from './setup/install-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const EXPECTED = [TemporalMissingError, InstallError, ServerMissingError];
const asked = new Set(process.argv.slice(2));
const say = (/** @type {string} */ line) => console.error(line);

try {
  await installPackages({ root, say });
  const located = await (asked.has('--own-server') ? locateTemporalBinary() : locateTemporal());
  if (located.kind === 'missing') {
    const { version, path } = await obtainTemporal({ say });
    say(`The Temporal server ${version} is ready: ${path}`);
  }
  if (asked.has('--google-servers') || asked.has('--google-tests')) await obtainServers({ say });
  if (asked.has('--google-tests')) {
    await obtainPython({
      name: 'bigquery-client',
      lockFile: fileURLToPath(new URL('../tests/support/bigquery-client.lock.txt', import.meta.url)),
      about: 'the Python client for BigQuery',
      say,
    });
  }
} catch (error) {
  if (!(error instanceof Error) || !EXPECTED.some((expected) => error instanceof expected)) throw error;
  say(error.message);
  process.exitCode = 1;
}
