import { OAuth2Client } from 'google-auth-library';

/**
 * Credentials that say nothing, for servers behind plain `http`: Google's are never there, so real ones are not sent. Undefined
 * behind `https`. Without any, clients look for a metadata server.
 */
export function unneededCredentials(apiEndpoint: string): OAuth2Client | undefined {
  if (!/^http:/i.test(apiEndpoint)) return undefined;
  const client = new OAuth2Client();
  client.setCredentials({ access_token: 'unneeded', expiry_date: FAR_AWAY_MS });
  return client;
}

const FAR_AWAY_MS = 4e12;
