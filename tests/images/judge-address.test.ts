import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllowedAddresses, refusalOfAddress } from '../../images/judge-address.ts';

const NONE = parseAllowedAddresses('');

describe('an address that images are fetched from', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])(
    'may be the public %s',
    (address) => {
      expect(refusalOfAddress(address, NONE)).toBeNull();
    },
  );

  it.each([
    ['127.0.0.1', 'a loopback address'],
    ['127.255.255.254', 'a loopback address'],
    ['::1', 'a loopback address'],
    ['10.0.0.1', 'a private address'],
    ['172.16.0.1', 'a private address'],
    ['192.168.1.1', 'a private address'],
    ['fd00:ec2::254', 'a private address'],
    ['169.254.169.254', 'a link-local address'],
    ['fe80::1%eth0', 'a link-local address'],
    ['100.100.100.200', 'a carrier-grade NAT address'],
    ['224.0.0.1', 'a multicast address'],
    ['ff02::1', 'a multicast address'],
    ['::ffff:127.0.0.1', 'a mapped IPv4 address'],
    ['::ffff:8.8.8.8', 'a mapped IPv4 address'],
    ['0.0.0.0', 'a reserved address'],
    ['::', 'a reserved address'],
    ['255.255.255.255', 'a reserved address'],
    ['192.0.0.192', 'a reserved address'],
    ['198.18.0.1', 'a reserved address'],
    ['240.0.0.1', 'a reserved address'],
    ['168.63.129.16', 'a reserved address'],
    ['::7f00:1', 'a reserved address'],
    ['64:ff9b::a00:1', 'a reserved address'],
    ['2002:a00:1::', 'a reserved address'],
    ['2001:0:a00:1::', 'a reserved address'],
    ['fec0::1', 'a reserved address'],
    ['4000::1', 'a reserved address'],
    ['', 'not an IP address'],
    ['localhost', 'not an IP address'],
  ])('is refused when it is %j: %s', (address, kind) => {
    expect(refusalOfAddress(address, NONE)).toBe(kind);
  });

  it('may be a private one that is allowed, and no neighbour of it', () => {
    const allowed = parseAllowedAddresses(' 10.1.0.0/16, 127.0.0.1 ,fd00::/8, photos.intranet,');
    expect([...allowed.hosts]).toEqual(['photos.intranet']);
    for (const address of ['10.1.255.255', '127.0.0.1', '::ffff:127.0.0.1', 'fd12::1']) {
      expect(refusalOfAddress(address, allowed), address).toBeNull();
    }
    for (const address of ['10.2.0.0', '127.0.0.2', 'fe80::1', '::1']) {
      expect(refusalOfAddress(address, allowed), address).not.toBeNull();
    }
  });

  it('is never an IPv4 address of a private network, however IPv6 wraps it', () => {
    const part = fc.nat(255);
    const wraps = [
      (hex: string) => `::ffff:${hex}`,
      (hex: string) => `::${hex}`,
      (hex: string) => `64:ff9b::${hex}`,
      (hex: string) => `2002:${hex}::1`,
    ];
    fc.assert(
      fc.property(fc.constantFrom(10, 127), part, part, part, fc.constantFrom(...wraps), (a, b, c, d, wrap) => {
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        expect(refusalOfAddress(`${a}.${b}.${c}.${d}`, NONE)).not.toBeNull();
        expect(refusalOfAddress(wrap(hex), NONE)).not.toBeNull();
      }),
    );
  });
});
