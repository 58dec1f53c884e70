import { Decoder, PacketType } from 'socket.io-parser';

/** Bytes of one event's packet, UTF-8. A larger one is answered as an error, not parsed. */
export const eventBytes = 100_000;

/** Bytes of one frame. A larger one closes its connection. */
export const frameBytes = 1_000_000;

/** Stands for the name of an event that was too large to be read. */
export const tooLarge = Symbol('event too large');

/** One UTF-16 unit is at most three bytes, so most packets need no counting. */
const surelySmall = Math.floor(eventBytes / 3);

/** A page joins one namespace once; more attempts than this on one connection are an attack. */
const mostConnects = 3;

interface OutgoingPacket {
  type: number;
  nsp: string;
  id?: number;
  data?: unknown;
}

/** socket.io's text encoding, without its search for binary values: Foyer sends none. */
export class WireEncoder {
  encode(packet: OutgoingPacket): string[] {
    let text = String(packet.type);
    if (packet.nsp !== '/') text += `${packet.nsp},`;
    if (packet.id !== undefined && packet.id !== null) text += String(packet.id);
    if (packet.data !== undefined && packet.data !== null) text += JSON.stringify(packet.data);
    return [text];
  }
}

/**
 * socket.io's decoder, stricter: text packets only, over-large events replaced by {@link tooLarge} before
 * anything is parsed, few connects. Whatever it throws closes that one connection.
 */
export class WireDecoder extends Decoder {
  connects = 0;

  override add(packet: unknown): void {
    if (typeof packet !== 'string') throw new Error('binary packets are not spoken here');
    const kind = packet.charCodeAt(0) - 48;
    if (kind === PacketType.CONNECT) {
      this.connects += 1;
      if (this.connects > mostConnects) throw new Error('too many connects');
    } else if (kind === PacketType.ACK) {
      throw new Error('no acknowledgement was asked for');
    } else if (kind === PacketType.BINARY_EVENT || kind === PacketType.BINARY_ACK) {
      throw new Error('binary packets are not spoken here');
    }
    if (packet.length > surelySmall && Buffer.byteLength(packet) > eventBytes) {
      const head = /^2(\/[^,[]{0,100},)?(\d{0,15})\[/.exec(packet.slice(0, 130));
      if (head === null) throw new Error('packet too large');
      this.emitReserved('decoded', {
        type: PacketType.EVENT,
        nsp: head[1] === undefined ? '/' : head[1].slice(0, -1),
        data: [tooLarge],
        ...(head[2] === '' || head[2] === undefined ? {} : { id: Number(head[2]) }),
      });
      return;
    }
    super.add(packet);
  }
}
