import type { Clock, Log } from '../../adapters/contract/index.ts';
import type { SessionRepository, Signal, Signals } from '../session/ports.ts';
import type { Session } from '../session/session.ts';
import type { ChannelService } from './channel-service.ts';
import type { ClientOf } from './clients-of.ts';
import { conversationOf } from './encoding.ts';
import type { DeliveryRepository } from './ports.ts';

export interface MarksDependencies {
  channelService: Pick<ChannelService, 'sends'>;
  sessions: Pick<SessionRepository, 'session' | 'activities'>;
  deliveries: Pick<DeliveryRepository, 'conversation'>;
  clientOf: ClientOf;
  signals: Signals;
  clock: Clock;
  log: Log;
}

/** Platforms show "is typing" for several seconds: it is not told more often, ms. */
const typingEvery = 4_000;
/** Newest messages of the customer that one mark tells of. */
const mostMarked = 50;
/** Sessions whose marks are remembered. */
const remembered = 5_000;

/**
 * Tells platforms that the agent types and has read. Best effort: nothing waits for it, nothing is tried again.
 * The answer ends it.
 */
export function tellMarks(d: MarksDependencies): () => void {
  const { channelService, sessions, deliveries, clientOf, signals, clock, log } = d;
  const typingTold = new Map<string, number>();
  const readTold = new Map<string, number>();
  const remember = (map: Map<string, number>, key: string, value: number) => {
    map.delete(key);
    map.set(key, value);
    if (map.size > remembered) map.delete(map.keys().next().value as string);
  };

  /** The session's own agent did something: where its platform is told. */
  async function place(tenantId: string, sessionId: string, agentId: string) {
    const session = await sessions.session(tenantId, sessionId);
    if (session === undefined || session.agentId !== agentId || !channelService.sends(session.channelType))
      return undefined;
    const client = clientOf(session.channelId);
    if (client === undefined) return undefined;
    const record = await deliveries.conversation(session.channelId, session.conversation);
    return record === undefined ? undefined : { session, client, conversation: conversationOf(record) };
  }

  async function typing({ tenantId, sessionId, from, typing: on }: Extract<Signal, { kind: 'typing' }>): Promise<void> {
    if (from.role !== 'agent') return;
    const now = clock.now();
    const told = typingTold.get(sessionId);
    if (on ? told !== undefined && now - told < typingEvery : told === undefined) return;
    if (on) remember(typingTold, sessionId, now);
    else typingTold.delete(sessionId);
    const found = await place(tenantId, sessionId, from.id);
    await found?.client.typing?.(found.conversation, on);
  }

  async function read({ tenantId, receipt }: Extract<Signal, { kind: 'receipt' }>): Promise<void> {
    const { sessionId, participant, read: upto } = receipt;
    if (participant.role !== 'agent' || upto === 0) return;
    const told = readTold.get(sessionId) ?? 0;
    if (upto <= told) return;
    const found = await place(tenantId, sessionId, participant.id);
    if (found?.client.read === undefined) return;
    remember(readTold, sessionId, upto);
    const externalIds = await messagesOf(found.session, Math.max(told, upto - mostMarked), upto);
    if (externalIds.length > 0) await found.client.read(found.conversation, externalIds);
  }

  async function messagesOf(session: Session, after: number, upto: number): Promise<string[]> {
    const { items } = await sessions.activities(session.tenantId, session.id, 'all', after, mostMarked);
    return items
      .filter(({ activity }) => activity.seq <= upto && activity.type === 'message' && activity.from.role === 'user')
      .flatMap(({ activity }) => (activity.externalId === undefined ? [] : [activity.externalId]));
  }

  return signals.subscribe((signal) => {
    if (signal.kind !== 'typing' && signal.kind !== 'receipt') return;
    const telling = signal.kind === 'typing' ? typing(signal) : read(signal);
    telling.catch((error: unknown) => log.info({ err: error, mark: signal.kind }, 'a platform was not told of a mark'));
  });
}
