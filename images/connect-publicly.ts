import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { refusalOfAddress, type AllowedAddresses } from './judge-address.ts';

/** Why no connection was made: the host is, or resolves to, an address that may not be fetched from. */
export class AddressRefusedError extends Error {
  override name = 'AddressRefusedError';
}

export interface ConnectOptions {
  readonly allowed: AllowedAddresses;
  readonly timeoutMs: number;
}

/**
 * Connects to public addresses only. Checked are an address that is written in the URL (no name is looked up for it), all
 * addresses that a name resolves to, and the one that was connected to: a name that changes meanwhile gains nothing.
 */
export function createPublicConnector({ allowed, timeoutMs }: ConnectOptions): buildConnector.connector {
  const connectAnywhere = buildConnector({ timeout: timeoutMs, allowH2: false });
  const connectChecked = buildConnector({ timeout: timeoutMs, allowH2: false, lookup: checkedLookup(allowed) });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (allowed.hosts.has(host.replace(/\.$/, ''))) return connectAnywhere(options, callback);
    const refused = isIP(host) === 0 ? undefined : refuse(host, [host], allowed);
    if (refused) return callback(refused, null);
    connectChecked(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      const mismatch = refuse(host, [socket.remoteAddress ?? ''], allowed);
      if (!mismatch) return callback(null, socket);
      socket.destroy();
      callback(mismatch, null);
    });
  };
}

/** One address that is refused refuses the name: which of them is taken is not ours to say. */
function checkedLookup(allowed: AllowedAddresses): LookupFunction {
  return (host, options, callback) => {
    lookUp(host, { ...options, all: true }, (error, found) => {
      const [first] = found ?? [];
      if (error || !first) return callback(error ?? new Error(`${host} has no address`), []);
      const refused = refuse(host, found.map(addressOf), allowed);
      if (refused) return callback(refused, []);
      if (options.all) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}

function addressOf({ address }: LookupAddress): string {
  return address;
}

function refuse(
  host: string,
  addresses: readonly string[],
  allowed: AllowedAddresses,
): AddressRefusedError | undefined {
  for (const address of addresses) {
    const kind = refusalOfAddress(address, allowed);
    if (kind !== null)
      return new AddressRefusedError(host === address ? `${host} is ${kind}` : `${host} is ${address}, ${kind}`);
  }
  return undefined;
}
