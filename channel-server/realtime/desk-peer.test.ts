import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { PacketType } from 'socket.io-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Sequenced } from '../../adapters/contract/index.ts';
import { fakeClock } from '../../test/support/fake-clock.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { createDeskGateway, type DeskGateway } from './desk-gateway.ts';
import type { DeskPeer } from './desk-peer.ts';
import { createPersonMeters, defaultLimits } from './limits.ts';
import { WireDecoder, WireEncoder } from './wire.ts';

const typing = { session: 'ses_1', from: { id: 'vis_1', role: 'user' }, typing: true } as const;

function message(seq: number, session = 'ses_1'): Sequenced {
  const activity: Sequenced['activity'] = {
    id: `act_${session}_${seq}`,
    type: 'message',
    timestamp: '2026-11-21T09:00:00.000Z',
    channelId: 'web',
    channel: 'web',
    conversation: { id: session },
    from: { id: 'vis_1', role: 'user' },
    seq,
    audience: 'all',
    clientId: `client-${seq}`,
    text: 'Where is my order?',
    textFormat: 'plain',
  };
  return { activity, prev: seq - 1 };
}

/** What a frame says: an event's name, with the seqs of its activities; or the answer's `ok`. */
function told(packet: string): unknown {
  const [first, payload] = JSON.parse(packet.slice(packet.indexOf('[')));
  if (packet.startsWith('43')) return first.ok ? 'answer' : 'refusal';
  return first === 'activities:added' ? payload.items.map(({ activity }: Sequenced) => activity.seq) : first;
}

describe('activities told to a desk', () => {
  let http: HttpServer;
  let io: Server;
  let desks: DeskGateway;
  let log: ReturnType<typeof silentLog>;
  /** The server's answer to the request under way. */
  let answer: PromiseWithResolvers<unknown>;
  let onRequest: (peer: DeskPeer) => void;
  const clients: WebSocket[] = [];

  const connect = async (login: string) => {
    const { port } = http.address() as AddressInfo;
    const client = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
    clients.push(client);
    const frames: unknown[] = [];
    client.on('message', (data) => {
      const packet = String(data);
      if (packet.startsWith('42') || packet.startsWith('43')) frames.push(told(packet));
    });
    await once(client, 'open');
    client.send(`40/desk,${JSON.stringify({ accessToken: login })}`);
    await expect.poll(() => desks.peersOf('default', login)).toHaveLength(1);
    const peer = desks.peersOf('default', login)[0] as DeskPeer;
    return { client, peer, frames };
  };
  const tell = (peer: DeskPeer, ...seqs: number[]) => {
    for (const seq of seqs) desks.tellActivity([peer], message(seq));
  };

  beforeEach(async () => {
    answer = Promise.withResolvers();
    onRequest = () => undefined;
    log = silentLog();
    const clock = fakeClock();
    const unused = () => Promise.reject(new Error('not used'));
    desks = createDeskGateway({
      access: {
        authenticate: async (login) => ({
          kind: 'account',
          tenantId: 'default',
          accountId: login,
          role: 'agent',
          name: login,
          queueIds: ['support'],
        }),
        stillValid: () => true,
      },
      accounts: { tenants: unused, account: unused },
      routing: { agent: unused },
      routingService: { connected: async () => undefined, lost: unused, setState: unused },
      limits: defaultLimits,
      meters: createPersonMeters(defaultLimits.person, () => clock.now()),
      traffic: { underWay: 0, closing: false, refused: 0, handled: 0 },
      clock,
      log,
      patience: 2_000,
      autoIdle: false,
      ownOrigins: [],
    });
    http = createServer();
    io = new Server(http, { transports: ['websocket'], parser: { Encoder: WireEncoder, Decoder: WireDecoder } });
    desks.attach(io.of('/desk'), (peer) => {
      onRequest(peer);
      return answer.promise;
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.terminate();
    await io.close();
  });

  it('leave in one frame when they are told in one turn, however many steps each took', async () => {
    const { peer, frames } = await connect('ann');
    const commit = Promise.withResolvers<void>();
    for (const seq of [1, 2, 3, 4]) {
      void commit.promise.then(async () => {
        for (let step = 0; step < seq * 5; step += 1) await undefined;
        tell(peer, seq);
      });
    }
    commit.resolve();
    await expect.poll(() => frames).toEqual([[1, 2, 3, 4]]);
    tell(peer, 5);
    await expect.poll(() => frames).toEqual([[1, 2, 3, 4], [5]]);
  });

  it('go to each desk that reads them, except the connection they came from', async () => {
    const [ann, bo] = [await connect('ann'), await connect('bo')];
    desks.tellActivity([ann.peer, bo.peer], message(1));
    desks.tellActivity([ann.peer, bo.peer], message(2), ann.peer.id);
    desks.tellActivity([ann.peer], message(3));
    await expect.poll(() => [ann.frames, bo.frames]).toEqual([[[1, 3]], [[1, 2]]]);
  });

  it('are not overtaken by other facts, told to one desk or to several', async () => {
    const [ann, bo] = [await connect('ann'), await connect('bo')];
    tell(ann.peer, 1, 2);
    ann.peer.send('typing:changed', typing);
    tell(ann.peer, 3);
    tell(bo.peer, 1);
    desks.tell([ann.peer, bo.peer], 'session:removed', { session: 'ses_1' });
    tell(ann.peer, 4);
    await expect
      .poll(() => [ann.frames, bo.frames])
      .toEqual([
        [[1, 2], 'typing:changed', [3], 'session:removed', [4]],
        [[1], 'session:removed'],
      ]);
  });

  it('are not overtaken by the answer to a request that came after them', async () => {
    const { peer, frames } = await connect('ann');
    answer.resolve({ ok: true });
    tell(peer, 1, 2);
    // Handed in at once: from the wire it comes a tick later, when the turn may be over.
    const { socket } = peer as { socket: { _onpacket?(packet: object): void } };
    socket._onpacket?.({ type: PacketType.EVENT, nsp: '/desk', id: 1, data: ['desk:resume', {}] });
    await expect.poll(() => frames).toEqual([[1, 2], 'answer']);
  });

  it('are not overtaken by a refusal that needs no work', async () => {
    const { client, peer, frames } = await connect('ann');
    peer.socket.conn.prependListener('data', () => process.nextTick(() => tell(peer, 1)));
    client.send('42/desk,1["desk:resume"]');
    await expect.poll(() => frames).toEqual([[1], 'refusal']);
  });

  it('wait for the answer under way, in order with other facts, and then leave together', async () => {
    const { client, peer, frames } = await connect('ann');
    const asked = new Promise<void>((done) => {
      onRequest = () => done();
    });
    client.send('42/desk,1["desk:resume",{}]');
    await asked;
    tell(peer, 1);
    await new Promise((done) => setImmediate(done));
    tell(peer, 2);
    peer.send('typing:changed', typing);
    tell(peer, 3, 4);
    expect(frames).toEqual([]);
    answer.resolve({ ok: true });
    await expect.poll(() => frames).toEqual(['answer', [1, 2], 'typing:changed', [3, 4]]);
    tell(peer, 5);
    await expect.poll(() => frames).toHaveLength(5);
    expect(frames[4]).toEqual([5]);
  });

  it('are split into frames of 500, whether held or not', async () => {
    const { client, peer, frames } = await connect('ann');
    const seqs = Array.from({ length: 1_100 }, (_, index) => index + 1);
    const split = [seqs.slice(0, 500), seqs.slice(500, 1_000), seqs.slice(1_000)];
    tell(peer, ...seqs);
    await expect.poll(() => frames).toEqual(split);
    const asked = new Promise<void>((done) => {
      onRequest = () => done();
    });
    client.send('42/desk,1["desk:resume",{}]');
    await asked;
    tell(peer, ...seqs);
    answer.resolve({ ok: true });
    await expect.poll(() => frames).toEqual([...split, 'answer', ...split]);
  });

  it('are held up to 2,000 facts: what is behind them is found by the gap', async () => {
    const { client, peer, frames } = await connect('ann');
    const asked = new Promise<void>((done) => {
      onRequest = () => done();
    });
    client.send('42/desk,1["desk:resume",{}]');
    await asked;
    const seqs = Array.from({ length: 3_000 }, (_, index) => index + 1);
    tell(peer, ...seqs.slice(0, 1_999));
    peer.send('typing:changed', typing);
    tell(peer, ...seqs.slice(1_999));
    peer.send('typing:changed', typing);
    answer.resolve({ ok: true });
    await expect.poll(() => frames).toContain('typing:changed');
    tell(peer, 3_001);
    await expect.poll(() => frames.at(-1)).toEqual([3_001]);
    expect(frames.slice(1, -1).flat()).toEqual([...seqs.slice(0, 1_999), 'typing:changed']);
  });

  it('reach a desk that is ended before the reason does, and none after it', async () => {
    const { peer, frames } = await connect('ann');
    tell(peer, 1);
    desks.endAccount('default', 'ann', 'signed-out');
    tell(peer, 2);
    await expect.poll(() => frames).toEqual([[1], 'access:revoked']);
    tell(peer, 3);
    await new Promise((done) => setTimeout(done, 30));
    expect(frames).toEqual([[1], 'access:revoked']);
  });

  it('that cannot be sent to one desk are logged and keep nothing from the others', async () => {
    const [ann, bo] = [await connect('ann'), await connect('bo')];
    const unsendable = message(1);
    unsendable.activity.value = 1n;
    desks.tellActivity([ann.peer], unsendable);
    tell(bo.peer, 1);
    await expect.poll(() => bo.frames).toEqual([[1]]);
    expect(log.lines).toMatchObject([{ level: 'error', message: 'a desk could not be told of stored activities' }]);
    tell(ann.peer, 2);
    await expect.poll(() => ann.frames).toEqual([[2]]);
  });
});
