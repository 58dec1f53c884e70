import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { FoyerError } from '../errors.ts';

/** Where a server is to listen. `port` 0 takes a free one. */
export interface ListenAddress {
  host: string;
  port: number;
}

/**
 * Whether the address can be had, before anything else is begun that a refusal would leave half done.
 * @throws FoyerError CONFIG_INVALID saying what to do.
 */
export async function checkAddress({ host, port }: ListenAddress): Promise<void> {
  const server = createServer((socket) => void socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(host, port, cause)));
    server.listen({ host, port }, () => server.close(() => resolve()));
  });
}

/**
 * Open the doors; answers the port.
 * @throws FoyerError CONFIG_INVALID saying what to do.
 */
export async function listen(app: FastifyInstance, { host, port }: ListenAddress): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw cannotListen(host, port, cause);
  }
  return (app.server.address() as AddressInfo).port;
}

/** The host of an address a person can open: "any address" is not one. */
export function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function cannotListen(host: string, port: number, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const refused = (message: string) => new FoyerError('CONFIG_INVALID', message, { cause });
  switch (code) {
    case 'EADDRINUSE':
      return refused(
        `Port ${port} on ${host} is taken by another program. Stop that one, or set FOYER_PORT to a free port.`,
      );
    case 'EACCES':
    case 'EPERM':
      return refused(`This user may not bind port ${port}. Set FOYER_PORT to one above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EINVAL':
      return refused(`This machine has no address ${host}. Set FOYER_HOST to one it has.`);
    default:
      return cause;
  }
}
