import type {
  Activity,
  ActivityContent,
  Clock,
  DraftActivity,
  Ids,
  Inbound,
  InboundActivity,
  InboundEcho,
  InboundRename,
  Log,
  Participant,
  TokenCache,
} from '../../adapters/contract/index.ts';
import { mediaIdOf } from '../../adapters/contract/index.ts';
import type { CustomerRepository } from '../customers/ports.ts';
import { announceActivities } from '../session/announce.ts';
import { greetingParticipant } from '../session/entry.ts';
import type { Change, SessionRepository, Signals, UnitOfWork } from '../session/ports.ts';
import type { CustomerMessage, ReceivedMessage, SessionService } from '../session/session-service.ts';
import type { Channel } from './channel.ts';
import type { RunningChannel } from './channel-service.ts';
import type { ClientOf } from './clients-of.ts';
import { heardFrom, renamed } from './inbound-conversation.ts';
import { pendingMedia } from './inbound-media.ts';
import { createInboundPeople, type KnownPerson } from './inbound-people.ts';
import { createInboundProfiles } from './inbound-profiles.ts';
import type { InboundTally } from './inbound-tally.ts';
import { createInboundTargets, type InboundTarget, keyScopeOf } from './inbound-targets.ts';
import { keepForClient } from './keep-for-client.ts';
import type { DeliveryRepository } from './ports.ts';
import type { Statuses } from './statuses.ts';

/** What became of one item. */
export interface ItemOutcome {
  kind: 'stored' | 'repeated' | 'dropped';
  greeted?: boolean;
}

export interface InboundItemsDependencies {
  sessionService: Pick<SessionService, 'receive' | 'add' | 'typing' | 'rename'>;
  sessions: SessionRepository;
  customers: CustomerRepository;
  deliveries: DeliveryRepository;
  statuses: Statuses;
  tally: InboundTally;
  clientOf: ClientOf;
  /** What a channel's client keeps. */
  tokensOf(channelId: string): Pick<TokenCache, 'get'>;
  /** There are files to be fetched. */
  wakeMediaFetch(): void;
  unitOfWork: UnitOfWork;
  signals: Signals;
  clock: Clock;
  ids: Ids;
  log: Log;
}

/** Waits for the names of a part that is being sent just now, ms: a platform's echo may be quicker than its answer. */
const echoWaits = [200, 400, 800, 1_600];

const amending: readonly string[] = ['messageUpdate', 'messageDelete', 'messageReaction'];

/** Stores items, each by its kind. */
export function createInboundItems(d: InboundItemsDependencies) {
  const { sessionService, sessions, deliveries, statuses, tally, unitOfWork, signals, clock, ids, log } = d;
  const people = createInboundPeople(d);
  const profiles = createInboundProfiles({ ...d, people });
  const findTarget = createInboundTargets(d);

  async function take(running: RunningChannel, item: Inbound, greeting: string | undefined): Promise<ItemOutcome> {
    const { record: channel } = running;
    switch (item.kind) {
      case 'activity':
        return activity(running, item, greeting);
      case 'echo':
        return echo(running, item);
      case 'status':
        await statuses.apply(channel, item);
        return { kind: 'stored' };
      case 'typing': {
        const open = await sessions.openSession(channel.tenantId, channel.id, item.conversation.id);
        if (open === undefined) return { kind: 'dropped' };
        const { facts } = await people.know(channel, item.from);
        sessionService.typing(open, participant(item.from.id, facts?.name), item.typing);
        return { kind: 'stored' };
      }
      case 'rename':
        return rename(channel, item);
      case 'kept': {
        const { name, value, expiresAt } = item;
        const token = expiresAt === undefined ? { value } : { value, expiresAt };
        await keepForClient(d.tokensOf(channel.id), name, token);
        return { kind: 'stored' };
      }
      case 'notice': {
        const facts = { channel: channel.id, type: channel.type, code: item.code };
        if (item.severity === 'info') log.info(facts, item.text);
        else tally.problem(channel, item.text);
        return { kind: 'stored' };
      }
      case 'unreadable':
        tally.dropped(channel, item.reason);
        return { kind: 'dropped' };
      default:
        tally.dropped(channel, 'it is of an unknown kind');
        return { kind: 'dropped' };
    }
  }

  async function activity(
    running: RunningChannel,
    item: InboundActivity,
    greeting: string | undefined,
  ): Promise<ItemOutcome> {
    const { record: channel } = running;
    const { type, target } = item.content;
    const known = await people.know(channel, item.from);
    const found = target === undefined ? undefined : await findTarget(channel, target);
    if (found !== undefined && amending.includes(type)) return amend(channel, item, known, found);
    const message = messageOf(channel, item, known);
    if (found !== undefined) message.quotes = { sessionId: found.sessionId, activityId: found.activityId };
    const begins = item.begins ?? type === 'message';
    if (begins && greeting !== undefined && type === 'message') message.greeting = greeting;
    const received = begins ? await sessionService.receive(message) : await sessionService.add(message);
    if (received === undefined) {
      await keepPerson(channel, item, known, heardFrom(channel, item.conversation, item.from.id, timeOf(item)));
      return { kind: 'stored' };
    }
    if (received.repeated) {
      return { kind: 'repeated', greeted: greeting !== undefined && (await wasGreeted(channel, received)) };
    }
    if (known.stored || received.began) people.keep(channel, item.from, known);
    else await keepPerson(channel, item, known, []);
    if (message.media !== undefined) d.wakeMediaFetch();
    if (known.facts?.name === undefined) profiles.ask(running, item.from, item.conversation);
    return { kind: 'stored', greeted: received.began && message.greeting !== undefined };
  }

  /** Where and who somebody is, without anything for a log. */
  async function keepPerson(
    channel: Channel,
    item: InboundActivity,
    known: KnownPerson,
    heard: readonly Change[],
  ): Promise<void> {
    const inserts = known.stored ? known.changes : people.insert(channel, item.from, known, clock.now());
    const changes = [...heard, ...inserts];
    if (changes.length === 0) return;
    const result = await unitOfWork.commit(changes);
    if (result.outcome === 'applied') return people.keep(channel, item.from, known);
    // Somebody else stored them meanwhile: what is new of them is told again with their next message.
    if (heard.length > 0) await unitOfWork.commit(heard);
  }

  function messageOf(channel: Channel, item: InboundActivity, known: KnownPerson): CustomerMessage {
    const { type, name, attachments, ...rest } = item.content;
    const now = clock.now();
    const media = pendingMedia(channel, attachments, ids, now);
    const message: CustomerMessage = {
      tenantId: channel.tenantId,
      channel: { id: channel.id, type: channel.type },
      conversations: [item.conversation.id],
      from: participant(item.from.id, known.facts?.name),
      keyScope: keyScopeOf(channel),
      externalId: item.externalId,
      type,
      audience: type === 'event' ? 'staff' : 'all',
      content: contentOf(rest),
      identity: { externalId: item.from.id, facts: known.facts },
      changes: () => [...heardFrom(channel, item.conversation, item.from.id, timeOf(item)), ...known.changes],
    };
    if (name !== undefined) message.name = name;
    if (media !== undefined) message.media = media;
    if (item.from.locale !== undefined) message.locale = item.from.locale;
    return message;
  }

  /** An edit, an unsend or a reaction: into the session of what it is about, open or not. */
  async function amend(
    channel: Channel,
    item: InboundActivity,
    known: KnownPerson,
    target: InboundTarget,
  ): Promise<ItemOutcome> {
    const { type, attachments, ...rest } = item.content;
    const { tenantId } = channel;
    const { sessionId, seq } = target;
    const at = clock.now();
    const media = pendingMedia(channel, attachments, ids, at);
    const draft: DraftActivity = {
      ...contentOf(rest),
      type,
      from: participant(item.from.id, known.facts?.name),
      audience: 'all',
      externalId: item.externalId,
      replyToId: target.activityId,
    };
    if (media !== undefined) draft.attachments = media.attachments;
    const changes: Change[] = [
      { kind: 'append', tenantId, sessionId, at, activity: draft, keyScope: keyScopeOf(channel) },
      ...(media?.changes(sessionId) ?? []),
      ...heardFrom(channel, item.conversation, item.from.id, timeOf(item)),
      ...known.changes,
    ];
    const files = type === 'messageDelete' && target.activity !== undefined ? filesOf(target.activity) : [];
    // Only what is theirs: a customer takes back no words of ours.
    if (type === 'messageDelete' && target.activity !== undefined) {
      changes.push({ kind: 'redact', tenantId, sessionId, seq, at, reason: 'unsent' });
      changes.push(...files.flatMap((id) => takeBack(id, sessionId, at)));
    }
    const result = await unitOfWork.commit(changes);
    if (result.outcome === 'repeated') return { kind: 'repeated' };
    if (result.outcome === 'refused') {
      tally.dropped(channel, result.refusal);
      return { kind: 'dropped' };
    }
    announceActivities(signals, { channelId: channel.id, conversation: item.conversation.id }, result.appended);
    for (const mediaId of files) signals.publish({ kind: 'media', tenantId, sessionId, mediaId });
    if (known.stored) people.keep(channel, item.from, known);
    if (media !== undefined) d.wakeMediaFetch();
    return { kind: 'stored' };
  }

  async function echo(running: RunningChannel, item: InboundEcho): Promise<ItemOutcome> {
    const { record: channel } = running;
    const { type, name, attachments, target, ...rest } = item.content;
    if (await isOurs(channel, item)) return { kind: 'repeated' };
    const media = pendingMedia(channel, attachments, ids, clock.now());
    const found = target === undefined ? undefined : await findTarget(channel, target);
    const received = await sessionService.add({
      tenantId: channel.tenantId,
      channel: { id: channel.id, type: channel.type },
      conversations: [item.conversation.id],
      from: { id: `platform:${channel.type}`, name: running.adapter.title, role: 'agent' },
      keyScope: keyScopeOf(channel),
      externalId: item.externalId,
      type,
      audience: 'all',
      content: contentOf({ ...rest, ...(target === undefined ? {} : { target }) }),
      ...(name === undefined ? {} : { name }),
      ...(media === undefined ? {} : { media }),
      ...(found === undefined ? {} : { quotes: { sessionId: found.sessionId, activityId: found.activityId } }),
    });
    if (received === undefined) return { kind: 'dropped' };
    if (media !== undefined && !received.repeated) d.wakeMediaFetch();
    return { kind: received.repeated ? 'repeated' : 'stored' };
  }

  /** Whether an echo is of a part of ours; if it is told by its key, the platform's id is kept as its name, too. */
  async function isOurs(channel: Channel, { externalId, key, conversation, at }: InboundEcho): Promise<boolean> {
    const asked = key === undefined ? [externalId] : [externalId, key];
    for (let tries = 0; ; tries += 1) {
      const names = await deliveries.named(channel.id, asked);
      const byKey = names.find((name) => name.externalId === key);
      if (byKey !== undefined && !names.some((name) => name.externalId === externalId)) {
        const values = { ...byKey, externalId, at: Math.min(at, clock.now()) };
        await unitOfWork.commit([{ kind: 'insert', record: 'partName', values, ignore: true }]);
        // It is there, whatever became of our request's answer.
        await statuses.apply(channel, { kind: 'status', state: 'sent', messages: [externalId], at });
        await statuses.applyHeld(channel, [externalId]);
      }
      if (names.length > 0) return true;
      const wait = echoWaits[tries];
      if (wait === undefined || !(await sendingTo(channel, conversation.id))) return false;
      await new Promise<void>((resolve) => void clock.after(wait, resolve));
    }
  }

  async function sendingTo(channel: Channel, conversation: string): Promise<boolean> {
    const [first] = await deliveries.unsettled(channel.id, conversation, 1);
    if (first === undefined) return false;
    return (await deliveries.parts(first.id)).some(({ state }) => state === 'attempting');
  }

  async function rename(channel: Channel, item: InboundRename): Promise<ItemOutcome> {
    const { before, conversation, person } = item;
    const old = await deliveries.conversation(channel.id, before.conversation);
    const there = await deliveries.conversation(channel.id, conversation.id);
    await sessionService.rename(
      channel.tenantId,
      channel.id,
      before,
      { conversation: conversation.id, person: person.id },
      renamed(channel, old, there, { conversation, personId: person.id }),
    );
    people.forget(channel, before.person);
    people.forget(channel, person.id);
    return { kind: 'stored' };
  }

  /** A repeat of the message that began its session gets the answer it had, which the platform may not have received. */
  async function wasGreeted(channel: Channel, { stored }: ReceivedMessage): Promise<boolean> {
    const { conversation, seq } = stored.activity;
    if (seq !== 1) return false;
    const page = await sessions.activities(channel.tenantId, conversation.id, 'all', seq, 3);
    return page.items.some((each) => each.activity.from.id === greetingParticipant.id);
  }

  const timeOf = ({ at }: { at: number }) => Math.floor(Math.min(at, clock.now()));

  return { take };
}

function participant(id: string, name: string | undefined): Participant {
  return name === undefined ? { id, role: 'user' } : { id, name, role: 'user' };
}

/** What the log keeps; the platform's id of what it is about goes along for the adapter. */
function contentOf({ target, channelData, ...content }: ActivityContent & { target?: string }): ActivityContent {
  if (target === undefined) return channelData === undefined ? content : { ...content, channelData };
  const told = typeof channelData === 'object' && channelData !== null && !Array.isArray(channelData);
  const data = told
    ? { ...channelData, target }
    : channelData === undefined
      ? { target }
      : { payload: channelData, target };
  return { ...content, channelData: data };
}

function filesOf(activity: Activity): string[] {
  return (activity.attachments ?? []).map(({ contentUrl }) => mediaIdOf(contentUrl)).filter((id) => id !== undefined);
}

/** Files of a message that was taken back: no longer shown, and their bytes go with the next sweep. */
function takeBack(mediaId: string, sessionId: string, at: number): Change[] {
  return [
    { kind: 'remove', record: 'mediaFetch', where: { id: mediaId } },
    {
      kind: 'update',
      record: 'media',
      where: { id: mediaId, sessionId },
      set: { state: 'expired', expiresAt: at, hint: 'The customer took this file back.' },
    },
  ];
}
