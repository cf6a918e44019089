import { isIP } from 'node:net';

/** Whether a text is a list of host names, IP addresses and CIDR ranges, separated by commas. */
export function isAddressList(text: string): boolean {
  return text.split(',').every((entry) => isEntry(entry.trim()));
}

function isEntry(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  const family = isIP(address);
  if (bits !== undefined) {
    return family !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32);
  }
  // What consists of numbers is meant as an address, and would never match as a name.
  return family !== 0 || (HOST.test(entry) && !/^[\d.]+$/.test(entry));
}

const HOST = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i;
