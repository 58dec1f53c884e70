import { Decoder, Encoder, PacketType } from 'socket.io-parser';
import { describe, expect, it } from 'vitest';
import { eventBytes, tooLarge, WireDecoder, WireEncoder } from './wire.ts';

interface Packet {
  type: number;
  nsp: string;
  id?: number;
  data?: unknown;
}

function decode(text: unknown, decoder = new WireDecoder()): Packet[] {
  const packets: Packet[] = [];
  decoder.on('decoded', (packet: Packet) => packets.push(packet));
  decoder.add(text);
  return packets;
}

describe('the decoder', () => {
  it('reads what socket.io’s own encoder writes', () => {
    const packet = { type: PacketType.EVENT, nsp: '/customer', id: 12, data: ['message:send', { text: 'ü' }] };
    expect(decode(new Encoder().encode(packet)[0])).toEqual([packet]);
  });

  it('replaces an event above the limit by its mark, with namespace and id, before parsing it', () => {
    const text = `2/customer,7["message:send",{"text":"${'x'.repeat(eventBytes)}"`;
    expect(decode(text)).toEqual([{ type: PacketType.EVENT, nsp: '/customer', id: 7, data: [tooLarge] }]);
    expect(decode(`2["a","${'x'.repeat(eventBytes)}"]`)).toEqual([{ type: 2, nsp: '/', data: [tooLarge] }]);
  });

  it('counts bytes, not letters', () => {
    const event = (letters: number) => `2/customer,["a","${'中'.repeat(letters)}"]`;
    const most = Math.floor((eventBytes - Buffer.byteLength(event(0))) / 3);
    expect(decode(event(most))[0]?.data).not.toContain(tooLarge);
    expect(decode(event(most + 1))[0]?.data).toEqual([tooLarge]);
  });

  it.each([
    Buffer.from('x'),
    new ArrayBuffer(3),
    '51-/customer,["x",{"_placeholder":true,"num":0}]',
    '61-/customer,0[]',
    '9',
    '2["connect"]',
    '2{"a":1}',
    '2[',
    `0/customer,{"a":"${'x'.repeat(eventBytes)}"}`,
    `3/customer,0["${'x'.repeat(eventBytes)}"]`,
  ])('throws on packet %#', (packet) => {
    expect(() => decode(packet)).toThrow();
  });

  it('lets a connection try to join only a few times', () => {
    const decoder = new WireDecoder();
    for (let turn = 0; turn < 3; turn += 1) decode('0/customer,{}', decoder);
    expect(() => decode('0/customer,{}', decoder)).toThrow('too many connects');
  });
});

describe('the encoder', () => {
  it('writes what socket.io’s own encoder and decoder know', () => {
    for (const packet of [
      { type: PacketType.CONNECT, nsp: '/customer', data: { sid: 'x' } },
      { type: PacketType.EVENT, nsp: '/desk', data: ['activity:added', { text: '😀' }] },
      { type: PacketType.ACK, nsp: '/customer', id: 0, data: [{ ok: true }] },
      { type: PacketType.DISCONNECT, nsp: '/customer' },
      { type: PacketType.CONNECT_ERROR, nsp: '/', data: { message: 'no' } },
    ] as const) {
      const [text] = new WireEncoder().encode(packet as Packet);
      expect(text).toBe(new Encoder().encode(packet as never)[0]);
      expect(() => new Decoder().add(text)).not.toThrow();
    }
  });
});
