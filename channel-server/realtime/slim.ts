import type { Namespace, Socket } from 'socket.io';
import type { Log } from '../../adapters/contract/index.ts';

/**
 * Let go of what only the handshake needed: the HTTP request with its headers and the handshake's copy of
 * them, which every idle visitor would otherwise keep in memory.
 */
export function slim(socket: Socket): void {
  const { address } = socket.handshake;
  (socket as { handshake: unknown }).handshake = { address };
  (socket.conn as { request: unknown }).request = undefined;
}

/** Greet each accepted connection. A failure ends that connection, and never reaches socket.io, which would end the process. */
export function welcome(namespace: Namespace, log: Log, greet: (socket: Socket) => void): void {
  namespace.on('connection', (socket) => {
    try {
      slim(socket);
      greet(socket);
    } catch (error) {
      log.error({ err: error }, 'a connection could not be greeted');
      socket.conn.close(true);
    }
  });
}
