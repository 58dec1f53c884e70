import type { Socket } from 'socket.io';
import { ChannelError, type Log } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';

/**
 * Let go of what only the handshake needed: the HTTP request with its headers and the handshake's copy of
 * them, which every idle visitor would otherwise keep in memory.
 */
export function slim(socket: Socket): void {
  const { address } = socket.handshake;
  (socket as { handshake: unknown }).handshake = { address };
  (socket.conn as { request: unknown }).request = undefined;
}

/** socket.io answers a refused connect with `message` and `data`. */
export interface RefusedConnect extends Error {
  data?: unknown;
}

/** What a refused handshake answers: what the namespace's own refusal says; of anything unexpected, nothing but that. */
export function refusedConnect(error: unknown, refuse: (known: Error) => unknown, log: Log): RefusedConnect {
  const expected = error instanceof ChannelError || (error instanceof FoyerError && error.code !== 'INTERNAL');
  const known = expected ? error : new FoyerError('INTERNAL', 'Something went wrong here.', { cause: error });
  if (!expected) log.error({ err: error }, 'a handshake failed');
  const refused: RefusedConnect = new Error(known.message);
  refused.data = refuse(known);
  return refused;
}
