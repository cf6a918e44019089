import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';

/** Hosts and ranges that may be fetched from although they are not public. */
export interface AllowedAddresses {
  readonly hosts: ReadonlySet<string>;
  readonly ranges: readonly (readonly [IPv4 | IPv6, number])[];
}

/** Reads a list such as `photos.intranet, 10.1.0.0/16, 127.0.0.1`. */
export function parseAllowedAddresses(list: string): AllowedAddresses {
  const entries = list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');
  return {
    hosts: new Set(entries.filter((entry) => !isRange(entry))),
    ranges: entries.filter(isRange).map(toRange),
  };
}

/**
 * Null when an IP address may be fetched from: it is public unicast, or allowed. Otherwise what kind of address it is. What
 * cannot be read as an address is refused too.
 */
export function refusalOfAddress(address: string, { ranges }: AllowedAddresses): string | null {
  if (!ipaddr.isValid(address)) return 'not an IP address';
  // Mapped IPv4 is one more spelling of an address: it is looked up among the allowed ranges, and public for none.
  const plain = ipaddr.process(address);
  if (ranges.some(([range, bits]) => range.kind() === plain.kind() && plain.match(range, bits))) return null;
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range !== 'unicast') return `a ${KINDS[range] ?? 'reserved'} address`;
  return isPublic(parsed) ? null : 'a reserved address';
}

/** The kinds that people know; all others are called reserved. */
const KINDS: Readonly<Record<string, string>> = {
  loopback: 'loopback',
  private: 'private',
  uniqueLocal: 'private',
  linkLocal: 'link-local',
  carrierGradeNat: 'carrier-grade NAT',
  multicast: 'multicast',
  ipv4Mapped: 'mapped IPv4',
};
/** Of IPv6, only 2000::/3 has been given out. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');
/** The service of Azure that hands out a machine's secrets lies among public addresses. */
const METADATA_IPV4 = '168.63.129.16';

function isPublic(address: IPv4 | IPv6): boolean {
  if (address.kind() === 'ipv6') return address.match(GLOBAL_IPV6);
  return address.toString() !== METADATA_IPV4;
}

function isRange(entry: string): boolean {
  return entry.includes('/') || ipaddr.isValid(entry);
}

function toRange(entry: string): readonly [IPv4 | IPv6, number] {
  if (entry.includes('/')) return ipaddr.parseCIDR(entry);
  const address = ipaddr.parse(entry);
  return [address, address.kind() === 'ipv6' ? 128 : 32];
}
