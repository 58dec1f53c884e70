import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { WireDecoder, WireEncoder } from './wire.ts';
import { closeLaggards } from './writing.ts';

describe('writing to readers', () => {
  let http: HttpServer;
  let io: Server;
  const clients: WebSocket[] = [];

  const connect = async (): Promise<{ client: WebSocket; socket: Socket; packets: string[] }> => {
    const { port } = http.address() as AddressInfo;
    const client = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
    clients.push(client);
    const packets: string[] = [];
    client.on('message', (data) => packets.push(String(data)));
    client.on('error', () => undefined);
    await once(client, 'open');
    const connected = once(io, 'connection');
    client.send('40');
    const [socket] = (await connected) as [Socket];
    return { client, socket, packets };
  };

  beforeEach(async () => {
    http = createServer();
    io = new Server(http, { transports: ['websocket'], parser: { Encoder: WireEncoder, Decoder: WireDecoder } });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.terminate();
    await io.close();
  });

  it('closes who does not read, and nobody else', async () => {
    const [slow, quick] = [await connect(), await connect()];
    slow.client.pause();
    const large = 'x'.repeat(1_000_000);
    for (let index = 0; index < 30; index += 1) slow.socket.emit('large', large);
    quick.socket.emit('small', 'x');
    expect(closeLaggards([slow.socket, quick.socket], 4_000_000)).toBe(1);
    await expect.poll(() => slow.socket.connected).toBe(false);
    expect(quick.socket.connected).toBe(true);
  });
});
