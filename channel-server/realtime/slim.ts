import type { Socket } from 'socket.io';

/**
 * Let go of what only the handshake needed: the HTTP request with its headers and the handshake's copy of
 * them, which every idle visitor would otherwise keep in memory.
 */
export function slim(socket: Socket): void {
  const { address } = socket.handshake;
  (socket as { handshake: unknown }).handshake = { address };
  (socket.conn as { request: unknown }).request = undefined;
}
