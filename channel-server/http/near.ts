import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Loopback, private and link-local addresses, and those carriers and overlay networks share (RFC 6598). */
const near = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  near.addSubnet(network, prefix, 'ipv4');
}
near.addAddress('::1', 'ipv6');
near.addSubnet('fc00::', 7, 'ipv6');
near.addSubnet('fe80::', 10, 'ipv6');

/**
 * Whether a request comes from this machine or a private network. What a proxy passes on that is not declared as
 * trusted may come from anywhere.
 */
export function isNear(request: Pick<FastifyRequest, 'ip' | 'headers'>, trustedProxies: readonly string[]): boolean {
  const { 'x-forwarded-for': forwardedFor, forwarded } = request.headers;
  if (trustedProxies.length === 0 && (forwardedFor !== undefined || forwarded !== undefined)) return false;
  const address = request.ip?.split('%', 1)[0] ?? '';
  const version = isIP(address);
  return version !== 0 && near.check(address, version === 6 ? 'ipv6' : 'ipv4');
}
