import { WebSocket } from 'ws';

/**
 * A socket.io client by hand, for load generators: the genuine client saturates itself long before the server.
 * Engine.IO 4 over WebSocket, one namespace, events with acknowledgements.
 */
export interface Wire {
  /** Emit with acknowledgement; the answer is the acknowledgement's first argument. */
  request(event: string, payload: unknown): Promise<unknown>;
  /** As `request` for a payload that is JSON already, without a promise: `done` gets the raw answer packet. */
  emitRaw(event: string, json: string, done: (packet: string) => void): void;
  onEvent(receive: (packet: string) => void): void;
  close(): void;
}

export interface WireOptions {
  url: string;
  namespace: string;
  auth: unknown;
  origin?: string;
}

/** Connect; rejects when the server refuses the namespace. */
export function openWire({ url, namespace, auth, origin }: WireOptions): Promise<Wire> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
    ...(origin === undefined ? {} : { origin }),
  });
  const acknowledged = `43${namespace},`;
  const event = `42${namespace},`;
  const waiting = new Map<number, (packet: string) => void>();
  let nextId = 0;
  let receive: (packet: string) => void = () => undefined;

  const wire: Wire = {
    request: (name, payload) =>
      new Promise((resolve) => {
        wire.emitRaw(name, JSON.stringify(payload), (packet) => resolve(JSON.parse(packet)[0]));
      }),
    emitRaw(name, json, done) {
      const id = nextId++;
      waiting.set(id, done);
      socket.send(`42${namespace},${id}["${name}",${json}]`);
    },
    onEvent(listener) {
      receive = listener;
    },
    close: () => socket.terminate(),
  };

  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`the server closed ${namespace}`)));
    socket.on('message', (data) => {
      const packet = String(data);
      if (packet.startsWith(acknowledged)) {
        const open = packet.indexOf('[', acknowledged.length);
        const id = Number(packet.slice(acknowledged.length, open));
        const done = waiting.get(id);
        waiting.delete(id);
        done?.(packet.slice(open));
      } else if (packet.startsWith(event)) receive(packet);
      else if (packet === '2') socket.send('3');
      else if (packet.startsWith('0')) socket.send(`40${namespace},${JSON.stringify(auth)}`);
      else if (packet.startsWith(`40${namespace}`)) resolve(wire);
      else if (packet.startsWith(`44${namespace}`)) reject(new Error(`refused: ${packet}`));
    });
  });
}
