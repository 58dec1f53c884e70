import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { memoryInUse } from '../../support/memory.ts';
import { durableLog } from './durable-log.ts';

/**
 * The floor: a relay that does nothing but its shape. Customer emits with ack → least validation → the agent's
 * socket → ack. `FLOOR=durable` adds one durable insert (the embedded store's settings, group commit) and nothing else.
 */
const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
const log = process.env.FLOOR === 'durable' ? durableLog() : undefined;

io.of('/desk').on('connection', (socket) => {
  void socket.join(`agent:${socket.handshake.auth.agent}`);
});
const desk = io.of('/desk');

io.of('/customer').on('connection', (socket) => {
  const room = `agent:${socket.handshake.auth.agent}`;
  socket.on('message:send', (message, acknowledge) => {
    if (typeof acknowledge !== 'function') return;
    if (typeof message?.text !== 'string' || typeof message.clientId !== 'string') {
      acknowledge({ ok: false });
      return;
    }
    const relay = () => {
      desk.to(room).emit('activity:added', message);
      acknowledge({ ok: true, clientId: message.clientId });
    };
    if (log === undefined) relay();
    else log.append(JSON.stringify(message), relay);
  });
});

process.on('message', (message: { ask?: string }) => {
  if (message.ask !== 'memory') return;
  process.send?.(memoryInUse());
});

process.once('SIGTERM', () => process.exit(0));
http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }));
