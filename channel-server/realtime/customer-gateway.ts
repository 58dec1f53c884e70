import type { Namespace, Socket } from 'socket.io';
import {
  ChannelError,
  type LiveAdapter,
  type LiveFact,
  type LiveHost,
  type Visitor,
} from '../../adapters/contract/index.ts';
import type { VisitorTokens } from '../access/access-service.ts';
import type { ChannelService, RunningChannel } from '../channels/channel-service.ts';
import type { SessionService } from '../session/session-service.ts';
import { CustomerPeer, conversationIn, roomOf, roomsOf } from './customer-peer.ts';
import type { CustomerSessions } from './customer-sessions.ts';
import { createInbox, type Traffic } from './inbox.ts';
import type { PersonMeters, RealtimeLimits } from './limits.ts';
import { createLiveHost, type LiveHostDependencies } from './live-host.ts';
import { createPresence, type Presence } from './presence.ts';
import { encodeRefusal, refusedConnect } from './refusal.ts';
import { Rooms } from './rooms.ts';
import { welcome } from './slim.ts';

export type EndReason = Extract<LiveFact, { kind: 'ended' }>['reason'];

export interface CustomerGatewayDependencies extends LiveHostDependencies {
  channels: ChannelService;
  sessionService: SessionService;
  visitorTokens: VisitorTokens;
  customerSessions: CustomerSessions;
  limits: RealtimeLimits;
  meters: PersonMeters;
  traffic: Traffic;
  /** Milliseconds a customer may be away before it is noted. */
  patience: number;
}

/** Connected customers: who they are is the channel's adapter's to say, and so is every frame. */
export interface CustomerGateway {
  attach(namespace: Namespace): void;
  /** Pages of a conversation connected here. */
  peers(channelId: string, conversation: string): readonly CustomerPeer[];
  /** Tell a fact to these pages, encoded once. All are of one channel. */
  tell(peers: readonly CustomerPeer[], fact: LiveFact, exceptId?: string): void;
  end(peer: CustomerPeer, reason: EndReason): void;
  /** End every page of a visitor. */
  endVisitor(visitorId: string): void;
  /** End the pages of channels that no longer run. */
  endStopped(): void;
  endAll(reason: EndReason): void;
  readonly presence: Presence<{ channelId: string; conversation: string; tenantId: string }>;
}

/** Between saying why a connection ends and ending it. */
const farewell = 150;

export function createCustomerGateway(dependencies: CustomerGatewayDependencies): CustomerGateway {
  const { channels, sessionService, visitorTokens, customerSessions, meters, clock, log } = dependencies;
  const rooms = new Rooms<CustomerPeer>();
  const hosts = new Map<string, { running: RunningChannel; host: LiveHost; live: LiveAdapter }>();
  let namespace: Namespace | undefined;

  const presence = createPresence<{ channelId: string; conversation: string; tenantId: string }>({
    clock,
    log,
    patience: dependencies.patience,
    isHere: (room) => rooms.members(room).length > 0,
    back: ({ tenantId, channelId, conversation }) => sessionService.back(tenantId, channelId, [conversation]),
    gone: ({ tenantId, channelId, conversation }) => sessionService.gone(tenantId, channelId, [conversation]),
  });

  /** The channel's adapter and host as configured now; CHANNEL_UNKNOWN for what is not there or switched off. */
  const channelOf = (channelId: string) => {
    const running = channels.running(channelId);
    const live = running?.adapter.live;
    if (running === undefined || live === undefined) throw unknownChannel();
    const known = hosts.get(channelId);
    if (known !== undefined && known.running === running) return known;
    const made = { running, live, host: createLiveHost(running, dependencies) };
    hosts.set(channelId, made);
    return made;
  };

  const enter = (peer: CustomerPeer, visitor: Visitor) => {
    const wanted = roomsOf(visitor);
    for (const room of peer.rooms) if (!wanted.includes(room)) depart(peer, room, visitor.tenantId);
    for (const room of wanted) {
      if (rooms.join(room, peer)) presence.came(room, factsOf(room, visitor.tenantId), false);
    }
    peer.rooms = wanted;
  };
  const depart = (peer: CustomerPeer, room: string, tenantId: string) => {
    if (rooms.leave(room, peer) && peer.engaged) presence.went(room, factsOf(room, tenantId));
  };
  const leave = (peer: CustomerPeer) => {
    const tenantId = peer.connection?.visitor.tenantId ?? channels.running(peer.channelId)?.record.tenantId ?? '';
    for (const room of peer.rooms) depart(peer, room, tenantId);
    peer.rooms = [];
  };
  const factsOf = (room: string, tenantId: string) => ({ ...conversationIn(room), tenantId });

  const accept = async (socket: Socket): Promise<CustomerPeer> => {
    const auth: unknown = socket.handshake.auth;
    const channelId = typeof auth === 'object' && auth !== null && 'channel' in auth ? auth.channel : undefined;
    const running = channels.running(typeof channelId === 'string' ? channelId : '');
    const refuse = (error: unknown) => {
      // Where there is no channel, no adapter has a form of refusal either.
      const live = running?.adapter.live;
      return refusedConnect(error, (known) => (live === undefined ? encodeRefusal(known) : live.refuse(known)), log);
    };
    if (running?.adapter.live === undefined) throw refuse(unknownChannel());
    const { live, host } = channelOf(running.record.id);
    const peer = new CustomerPeer(socket, host.channel.id);
    // In the rooms before the log is read: what happens in between is held, not missed.
    const resume: LiveHost['resume'] = async (visitor, cursor) => {
      enter(peer, visitor);
      const resumption = await host.resume(visitor, cursor);
      for (const { id, state } of resumption.sessions) {
        if (state === 'closed') continue;
        peer.engaged = true;
        const session = customerSessions.peek(id)?.session;
        if (session === undefined) continue;
        const room = roomOf(session.channelId, session.conversation);
        presence.came(room, factsOf(room, session.tenantId), true);
      }
      return resumption;
    };
    try {
      const { headers, address } = socket.handshake;
      const { origin, 'user-agent': userAgent } = headers;
      peer.connection = await live.accept({ id: socket.id, auth, origin, address, userAgent }, { ...host, resume });
    } catch (error) {
      leave(peer);
      throw refuse(error);
    }
    return peer;
  };

  const inbox = createInbox<CustomerPeer>(
    {
      async handle(peer, event, payload) {
        const { connection } = peer;
        if (connection === undefined || peer.ended) {
          throw new ChannelError('CHANNEL_TOKEN_INVALID', 'This connection has ended.');
        }
        const { live, host } = channelOf(peer.channelId);
        const before = connection.visitor;
        const answer = await live.handle(connection, event, payload, host);
        if (connection.visitor !== before) await move(peer, before, connection.visitor);
        return answer;
      },
      refuse(peer, error) {
        return hosts.get(peer.channelId)?.live.refuse(error) ?? encodeRefusal(error);
      },
      settled: (peer) => peer.release(),
      personMeter: (peer) => meters.of(`visitor:${peer.connection?.visitor.id ?? peer.id}`),
    },
    dependencies,
  );

  /** The visitor behind a connection changed: it hears its new conversations, other tabs learn of it. */
  const move = async (peer: CustomerPeer, before: Visitor, after: Visitor) => {
    enter(peer, after);
    peer.personMeter = undefined;
    for (const other of rooms.members(roomOf(before.channelId, `visitor:${before.id}`))) {
      const visitor = other.connection?.visitor;
      if (other !== peer && (visitor?.id !== after.id || visitor?.subject !== after.subject)) end(other, 'signed-in');
    }
    if (before.id !== after.id) await visitorTokens.revoke(before);
  };

  const tell: CustomerGateway['tell'] = (peers, fact, exceptId) => {
    const first = peers[0];
    if (first === undefined || (peers.length === 1 && first.id === exceptId)) return;
    const frame = hosts.get(first.channelId)?.live.encode(fact);
    if (frame === undefined) return;
    const standing: string[] = [];
    for (const peer of peers) {
      if (peer.id === exceptId) continue;
      if (peers.length > 1 && peer.standing) standing.push(peer.id);
      else peer.send(frame);
    }
    if (standing.length > 0) namespace?.to(standing).emit(frame.event, frame.payload);
  };

  const end = (peer: CustomerPeer, reason: EndReason) => {
    if (peer.ended) return;
    tell([peer], { kind: 'ended', reason });
    peer.ended = true;
    leave(peer);
    // Closed without a word of socket.io's own, a client connects again by itself; told to disconnect, it does not.
    clock.after(farewell, () => {
      if (reason === 'shutting-down' || reason === 'signed-in') peer.socket.conn.close();
      else peer.socket.disconnect(true);
    });
  };

  const all = function* (): Generator<CustomerPeer> {
    for (const socket of namespace?.sockets.values() ?? []) {
      if (socket.data instanceof CustomerPeer) yield socket.data;
    }
  };

  const onDisconnect = function (this: Socket, reason: string) {
    if (this.data instanceof CustomerPeer) leave(this.data);
    // A client that only left the namespace has nothing more to say here.
    if (reason === 'client namespace disconnect') this.conn.close();
  };

  return {
    attach(customers) {
      namespace = customers;
      customers.use((socket, next) => {
        accept(socket).then(
          (peer) => {
            socket.data = peer;
            next();
            // A page that went meanwhile never connects, and nothing else would tell.
            setImmediate(() => {
              if (!socket.connected) leave(peer);
            });
          },
          (error: Error) => next(error),
        );
      });
      welcome(customers, log, (socket) => {
        const peer: unknown = socket.data;
        if (!(peer instanceof CustomerPeer) || peer.connection === undefined) throw new Error('nobody was accepted');
        inbox.listen(peer);
        socket.on('disconnect', onDisconnect);
        enter(peer, peer.connection.visitor);
        peer.greet();
      });
    },
    peers: (channelId, conversation) => rooms.members(roomOf(channelId, conversation)),
    tell,
    end,
    endVisitor(visitorId) {
      for (const { record } of channels.all()) {
        for (const peer of rooms.members(roomOf(record.id, `visitor:${visitorId}`))) end(peer, 'logged-out');
      }
    },
    endStopped() {
      for (const peer of all()) if (channels.running(peer.channelId) === undefined) end(peer, 'channel-disabled');
    },
    endAll(reason) {
      for (const peer of all()) end(peer, reason);
    },
    presence,
  };
}

function unknownChannel(): ChannelError {
  return new ChannelError('CHANNEL_UNKNOWN', 'There is no such channel.');
}
