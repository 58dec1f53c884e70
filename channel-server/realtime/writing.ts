import type { Socket } from 'socket.io';

/** What of an engine.io connection is needed here; not part of its typed surface, so each step may be missing. */
interface Connection {
  writeBuffer?: readonly { data?: unknown }[];
  transport?: { socket?: { bufferedAmount?: number } };
}

/** Bytes (roughly, for text not yet encoded) that wait for this reader. */
function lagOf(connection: unknown): number {
  const { writeBuffer = [], transport } = connection as Connection;
  let waiting = transport?.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) if (typeof data === 'string') waiting += data.length;
  return waiting;
}

/**
 * Close connections whose readers do not read: what waits for them would fill our memory, while the log has
 * it all and they catch up by `after=`. Answers how many.
 */
export function closeLaggards(sockets: Iterable<Socket>, most: number): number {
  let closed = 0;
  for (const socket of sockets) {
    if (lagOf(socket.conn) <= most) continue;
    socket.conn.close(true);
    closed += 1;
  }
  return closed;
}
