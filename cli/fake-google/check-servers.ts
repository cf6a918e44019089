import {
  BIGQUERY_LOCK,
  exists,
  pythonFolder,
  storageServerPath,
  wholeMark,
} from '../../fake-google/servers/locate-servers.mjs';
import { CliError } from '../cli-error.ts';
import { EXIT_CODES } from '../exit-codes.ts';

/** Throws `CliError` unless set-up has got the servers that stand in for Google Cloud. */
export async function checkServers(): Promise<void> {
  const places = [wholeMark(pythonFolder('bqemulator', BIGQUERY_LOCK)), storageServerPath()];
  const found = await Promise.all(places.map(exists));
  if (found.every(Boolean)) return;
  throw new CliError(
    EXIT_CODES.usage.code,
    'The servers that stand in for Google Cloud are not installed: npm run setup -- --google-servers gets them, with Python 3.11 and Go.',
    { hint: 'Without --fake-google, dev does not need them.' },
  );
}
