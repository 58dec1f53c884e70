import type { Namespace, Socket } from 'socket.io';
import type { Clock, Log } from '../../adapters/contract/index.ts';
import type { AccessService } from '../access/access-service.ts';
import type { AccountRepository } from '../access/ports.ts';
import { FoyerError } from '../errors.ts';
import type { DeskFacts } from '../protocol/desk.ts';
import type { RoutingRepository } from '../routing/ports.ts';
import type { RoutingService } from '../routing/routing-service.ts';
import { DeskPeer, type SingleFact } from './desk-peer.ts';
import { createInbox, type Traffic } from './inbox.ts';
import type { PersonMeters, RealtimeLimits } from './limits.ts';
import { createPresence, type Presence } from './presence.ts';
import { encodeRefusal, refusedConnect } from './refusal.ts';
import { Rooms } from './rooms.ts';
import { welcome } from './slim.ts';
import { createTellActivity, type TellActivity } from './tell-activity.ts';

export interface DeskGatewayDependencies {
  access: Pick<AccessService, 'authenticate' | 'stillValid'>;
  accounts: Pick<AccountRepository, 'tenants' | 'account'>;
  routing: Pick<RoutingRepository, 'agent'>;
  routingService: Pick<RoutingService, 'connected' | 'lost' | 'setState'>;
  limits: RealtimeLimits;
  meters: PersonMeters;
  traffic: Traffic;
  clock: Clock;
  log: Log;
  /** Milliseconds a desk may be away before its agent counts as lost: a reload is not an absence. */
  patience: number;
  /** Opening the desk goes idle. */
  autoIdle: boolean;
  /** Origins besides the server's own and the tenant's from which a desk may connect. */
  ownOrigins: readonly string[];
}

/** Connected desks: who they are, which rooms they are in, and telling them facts. */
export interface DeskGateway {
  attach(namespace: Namespace, handle: (peer: DeskPeer, event: string, payload: unknown) => Promise<unknown>): void;
  peersOf(tenantId: string, accountId: string): readonly DeskPeer[];
  readersOf(sessionId: string): readonly DeskPeer[];
  colleagues(tenantId: string): readonly DeskPeer[];
  join(peer: DeskPeer, sessionId: string): void;
  leave(peer: DeskPeer, sessionId: string): void;
  /** Tell a fact to these desks, encoded once. */
  tell<Name extends SingleFact>(
    peers: readonly DeskPeer[],
    event: Name,
    payload: DeskFacts[Name],
    exceptId?: string,
  ): void;
  tellActivity: TellActivity;
  endAccount(tenantId: string, accountId: string, reason: string): void;
  /** End desks whose tokens are dead; asked every few seconds. */
  endInvalid(): void;
  /** Bring what is known of the accounts up to date after a change of configuration. */
  refresh(tenantId: string): Promise<void>;
  readonly presence: Presence<{ tenantId: string; accountId: string }>;
}

const farewell = 150;

export function createDeskGateway(dependencies: DeskGatewayDependencies): DeskGateway {
  const { access, accounts, routing, routingService, meters, clock, log } = dependencies;
  const byAccount = new Rooms<DeskPeer>();
  const bySession = new Rooms<DeskPeer>();
  const byTenant = new Rooms<DeskPeer>();
  let namespace: Namespace | undefined;
  const accountKey = (tenantId: string, accountId: string) => `${tenantId}\n${accountId}`;

  const presence = createPresence<{ tenantId: string; accountId: string }>({
    clock,
    log,
    patience: dependencies.patience,
    isHere: (key) => byAccount.members(key).length > 0,
    async back({ tenantId, accountId }) {
      await routingService.connected(tenantId, accountId);
      if (!dependencies.autoIdle) return;
      const agent = await routing.agent(tenantId, accountId);
      if (agent?.state === 'offline') await routingService.setState(tenantId, accountId, 'idle', null);
    },
    gone: ({ tenantId, accountId }) => routingService.lost(tenantId, accountId),
  });

  const accept = async (socket: Socket): Promise<DeskPeer> => {
    try {
      const auth: unknown = socket.handshake.auth;
      const token = typeof auth === 'object' && auth !== null && 'accessToken' in auth ? auth.accessToken : undefined;
      if (typeof token !== 'string' || token === '' || token.length > 4_000) {
        throw new FoyerError('ACCESS_NOT_SIGNED_IN', 'Sign in first.');
      }
      // Before the token is looked at: what is revoked from now on ends this connection.
      const at = clock.now();
      const principal = await access.authenticate(token);
      await checkOrigin(socket, principal.tenantId);
      return new DeskPeer(socket, principal, at);
    } catch (error) {
      throw refusedConnect(
        error,
        (known) => {
          const refusal = encodeRefusal(known);
          return { ...refusal.error, ...refusal };
        },
        log,
      );
    }
  };

  /** Tokens are not cookies, so a foreign page has none; still only known sites may hold a desk. */
  const checkOrigin = async ({ handshake }: Socket, tenantId: string) => {
    const { origin, host } = handshake.headers;
    if (origin === undefined) return;
    const own = URL.canParse(origin) && new URL(origin).host === host;
    if (own || dependencies.ownOrigins.includes(origin)) return;
    const tenant = (await accounts.tenants()).find(({ id }) => id === tenantId);
    if (tenant?.deskOrigins.includes(origin) !== true) {
      throw new FoyerError('ACCESS_DENIED', 'This site may not hold a desk.');
    }
  };

  const remove = (peer: DeskPeer) => {
    const { tenantId, accountId } = peer.principal;
    for (const sessionId of peer.sessions) bySession.leave(sessionId, peer);
    peer.sessions.clear();
    byTenant.leave(tenantId, peer);
    const key = accountKey(tenantId, accountId);
    if (byAccount.leave(key, peer)) presence.went(key, { tenantId, accountId });
  };

  const end = (peer: DeskPeer, reason: string) => {
    if (peer.ended) return;
    peer.release();
    peer.socket.emit('access:revoked', { reason });
    peer.ended = true;
    remove(peer);
    clock.after(farewell, () => peer.socket.disconnect(true));
  };

  const all = function* (): Generator<DeskPeer> {
    for (const socket of namespace?.sockets.values() ?? []) if (socket.data instanceof DeskPeer) yield socket.data;
  };

  const onDisconnect = function (this: Socket, reason: string) {
    if (this.data instanceof DeskPeer) remove(this.data);
    if (reason === 'client namespace disconnect') this.conn.close();
  };

  return {
    attach(desks, handle) {
      namespace = desks;
      const inbox = createInbox<DeskPeer>(
        {
          async handle(peer, event, payload) {
            if (peer.ended) throw new FoyerError('ACCESS_NOT_SIGNED_IN', 'Sign in again.');
            // What was gathered before is not overtaken by the answer.
            peer.flush();
            return handle(peer, event, payload);
          },
          refuse(peer, error) {
            peer.flush();
            return encodeRefusal(error);
          },
          settled: (peer) => peer.release(),
          personMeter: ({ principal }) => meters.of(`account:${principal.accountId}`),
        },
        dependencies,
      );
      desks.use((socket, next) => {
        accept(socket).then(
          (peer) => {
            socket.data = peer;
            next();
          },
          (error: Error) => next(error),
        );
      });
      welcome(desks, log, (socket) => {
        const peer: unknown = socket.data;
        if (!(peer instanceof DeskPeer)) throw new Error('nobody was accepted');
        const { tenantId, accountId } = peer.principal;
        const key = accountKey(tenantId, accountId);
        byTenant.join(tenantId, peer);
        if (byAccount.join(key, peer)) presence.came(key, { tenantId, accountId }, true);
        socket.on('disconnect', onDisconnect);
        inbox.listen(peer);
      });
    },
    peersOf: (tenantId, accountId) => byAccount.members(accountKey(tenantId, accountId)),
    readersOf: (sessionId) => bySession.members(sessionId),
    colleagues: (tenantId) => byTenant.members(tenantId),
    join(peer, sessionId) {
      if (peer.ended || !peer.socket.connected) return;
      peer.sessions.add(sessionId);
      bySession.join(sessionId, peer);
    },
    leave(peer, sessionId) {
      peer.sessions.delete(sessionId);
      bySession.leave(sessionId, peer);
    },
    tell(peers, event, payload, exceptId) {
      const standing: string[] = [];
      for (const peer of peers) {
        if (peer.id === exceptId || peer.ended) continue;
        if (peers.length > 1 && peer.standing) {
          peer.flush();
          standing.push(peer.id);
        } else peer.send(event, payload);
      }
      if (standing.length > 0) namespace?.to(standing).emit(event, payload);
    },
    tellActivity: createTellActivity(log),
    endAccount(tenantId, accountId, reason) {
      for (const peer of byAccount.members(accountKey(tenantId, accountId))) end(peer, reason);
    },
    endInvalid() {
      for (const peer of all()) if (!access.stillValid(peer.principal, peer.connectedAt)) end(peer, 'signed-out');
    },
    async refresh(tenantId) {
      for (const peer of byTenant.members(tenantId)) {
        const account = await accounts.account(tenantId, peer.principal.accountId);
        if (account === undefined || account.disabled) end(peer, 'disabled');
        else if (account.role !== peer.principal.role) end(peer, 'role-changed');
        else peer.principal = { ...peer.principal, name: account.name, queueIds: account.queueIds };
      }
    },
    presence,
  };
}
