import { BlockList, isIP } from 'node:net';

/** IPv4 networks that are somebody's own or nobody's. Source: IANA IPv4 Special-Purpose Address Registry. */
const ownIPv4 = blockList('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]);
/** Only here are public IPv6 addresses: what is mapped, translated, link-local or unique-local lies outside. */
const globalIPv6 = blockList('ipv6', [['2000::', 3]]);
/** Parts of it that hold other addresses (Teredo, 6to4) or lead nowhere. Source: IANA IPv6 Special-Purpose Address Registry. */
const ownIPv6 = blockList('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

function blockList(family: 'ipv4' | 'ipv6', networks: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family);
  return list;
}

/** Whether a numeric address (without brackets) belongs to the public Internet. What is no address does not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !ownIPv4.check(address, 'ipv4');
  // A zone (`fe80::1%eth0`) names a link of this machine.
  if (family !== 6 || address.includes('%')) return false;
  return globalIPv6.check(address, 'ipv6') && !ownIPv6.check(address, 'ipv6');
}

/** The numeric address a URL's host is, without brackets; undefined when it is a name. The URL parser has normalised it. */
export function literalAddress(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? undefined : host;
}

/** Whether a URL names this machine itself, by address or as `localhost`. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname;
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
