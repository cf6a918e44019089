// Gets what a fresh clone lacks: node_modules and the Temporal server. Says nothing when nothing is missing.
// `--own-server`: a server of our own is needed, even where TEMPORAL_ADDRESS names one (the tests kill theirs).
// Runs on Node 20 and newer, on nothing but what Node brings.
import { fileURLToPath } from 'node:url';
import { locateTemporal, locateTemporalBinary } from '../cli/temporal-server/locate-temporal.mjs';
import { TemporalMissingError, obtainTemporal } from '../cli/temporal-server/obtain-temporal.mjs';
import { InstallError, installPackages } from './setup/install-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const say = (/** @type {string} */ line) => console.error(line);

try {
  await installPackages({ root, say });
  const located = await (process.argv.includes('--own-server') ? locateTemporalBinary() : locateTemporal());
  if (located.kind === 'missing') {
    const { version, path } = await obtainTemporal({ say });
    say(`The Temporal server ${version} is ready: ${path}`);
  }
} catch (error) {
  if (!(error instanceof TemporalMissingError || error instanceof InstallError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
