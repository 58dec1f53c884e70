import {
  ChannelError,
  type Conversation,
  type Inbound,
  type InboundActivity,
  type InboundNotice,
  type Person,
} from '../contract/index.ts';
import {
  asArray,
  asRecord,
  asString,
  guarded,
  recordOf,
  required,
  type UnknownRecord,
  Unreadable,
} from '../kit/inbound.ts';
import type { TwitterSettings } from './config.ts';
import { decodeChat } from './decode-chat.ts';
import { decodeDirectMessage } from './decode-message.ts';
import { personOf, type Scope, timeOf } from './decode-people.ts';
import { madeAt } from './platform.ts';

/**
 * What a verified delivery says: the newer activity events (XAA, `data`) and the older account activity (AAA,
 * `for_user_id`) alike. Throws CHANNEL_PAYLOAD_INVALID when it is neither.
 */
export function decode(payload: unknown, settings: TwitterSettings): Inbound[] {
  const root = asRecord(payload);
  if (root === undefined) throw new ChannelError('CHANNEL_PAYLOAD_INVALID', 'The delivery is no JSON object.');
  if (root.data !== undefined) return guarded(asArray(root.data), (event) => decodeActivity(event, settings));
  const revoked = revocationOf(root.user_event);
  if (revoked !== undefined) return [revoked];
  if (root.replay_job_status !== undefined) return [replayNotice(recordOf(root.replay_job_status))];
  const account = asString(root.for_user_id);
  if (account === undefined) {
    throw new ChannelError('CHANNEL_PAYLOAD_INVALID', 'The delivery has neither "data" nor "for_user_id".');
  }
  return decodeBatch(root, { account, settings, users: recordOf(root.users) });
}

/** One event of the newer kind: its payload is a small batch of the older form, or a chat's, or its own. */
function decodeActivity(event: unknown, settings: TwitterSettings): Inbound[] {
  const { event_type: type, event_uuid: uuid, filter, payload } = recordOf(event);
  const kind = required(asString(type), 'event_type');
  const account = required(asString(recordOf(filter).user_id), 'filter.user_id');
  const body = recordOf(payload);
  const scope: Scope = { account, settings, users: recordOf(body.users), uuid: asString(uuid) };
  if (kind.startsWith('chat.')) return decodeChat(kind, body, scope);
  if (kind === 'oauth.revoke') return [revocation(account)];
  const batch = decodeBatch(body, scope);
  if (batch.length > 0 || Object.keys(body).some((key) => isList(key))) return batch;
  // Some events are sent as the item itself.
  if (kind === 'dm.read') return guarded([body], (item) => decodeRead(item, scope), account);
  if (kind === 'dm.indicate_typing') return guarded([body], (item) => decodeTyping(item, scope), account);
  if (kind === 'dm.received' || kind === 'dm.sent') {
    return guarded([body], (item) => decodeDirectMessage(item, scope), account);
  }
  return decodeOther(kind, body, scope);
}

const isList = (key: string) => key.endsWith('_events');

/** Every list of events of one account, each item on its own. */
function decodeBatch(body: UnknownRecord, scope: Scope): Inbound[] {
  return Object.keys(body)
    .filter(isList)
    .flatMap((list) => guarded(asArray(body[list]), (item) => decodeListed(list, item, scope), scope.account));
}

function decodeListed(list: string, item: unknown, scope: Scope): Inbound[] {
  switch (list) {
    case 'direct_message_events':
      return decodeDirectMessage(item, scope);
    case 'direct_message_indicate_typing_events':
      return decodeTyping(item, scope);
    case 'direct_message_mark_read_events':
      return decodeRead(item, scope);
    default:
      return decodeOther(list.slice(0, -'_events'.length), item, scope);
  }
}

function decodeTyping(item: unknown, scope: Scope): Inbound[] {
  const sender = required(asString(recordOf(item).sender_id), 'sender_id');
  if (sender === scope.account) return [];
  const from = personOf(sender, scope.users);
  return [{ kind: 'typing', account: scope.account, conversation: { id: `user:${sender}` }, from, typing: true }];
}

/** The customer has read everything up to a message. What the account itself read elsewhere is nobody's receipt. */
function decodeRead(item: unknown, scope: Scope): Inbound[] {
  const { sender_id, last_read_event_id, created_timestamp } = recordOf(item);
  const sender = required(asString(sender_id), 'sender_id');
  if (sender === scope.account) return [];
  const last = required(asString(last_read_event_id), 'last_read_event_id');
  const at = required(timeOf(created_timestamp) ?? madeAt(last), 'created_timestamp');
  return [
    {
      kind: 'status',
      account: scope.account,
      state: 'read',
      messages: [last],
      // Ids tell their time: earlier messages are read too, later ones are not.
      upto: madeAt(last) ?? at,
      conversation: { id: `user:${sender}` },
      at,
    },
  ];
}

/** What people do besides writing. The newer events are called `follow.follow`, `follow.unfollow` … */
const deeds: ReadonlyMap<string, string> = new Map([
  ['follow', 'twitter:followed'],
  ['unfollow', 'twitter:unfollowed'],
  ['block', 'twitter:blocked'],
  ['unblock', 'twitter:unblocked'],
  ['mute', 'twitter:muted'],
  ['unmute', 'twitter:unmuted'],
]);

/** Anything else: an event of whoever did it, or a notice when X names nobody. What the account did itself is left out. */
function decodeOther(kind: string, item: unknown, scope: Scope): Inbound[] {
  const event = asRecord(item);
  if (event === undefined) throw new Unreadable('is no object');
  const actor = actorOf(event);
  if (actor === scope.account) return [];
  if (actor === undefined) return [unknownNotice(kind, scope)];
  const type = asString(event.type) ?? '';
  const at = timeOf(event.created_timestamp) ?? timeOf(event.timestamp_ms) ?? timeOf(event.created_at);
  const id = asString(event.id_str) ?? asString(event.id);
  const name = deeds.get(type) ?? deeds.get(kind.replace(/^(follow|block|mute)\./, '')) ?? 'twitter:unknown';
  const what = at === undefined ? undefined : `${kind}:${actor}:${at}`;
  const activity: InboundActivity = {
    kind: 'activity',
    account: scope.account,
    externalId: required(scope.uuid ?? (id === undefined ? what : `${kind}:${id}`), 'id or time'),
    conversation: conversationWith(actor),
    from: { ...personOf(actor, scope.users), ...profileIn(event) },
    at: at ?? 0,
    content: { type: 'event', name, value: { kind }, channelData: event },
    begins: false,
  };
  return [activity];
}

function conversationWith(userId: string): Conversation {
  return { id: `user:${userId}`, address: { userId } };
}

function actorOf(event: UnknownRecord): string | undefined {
  return (
    asString(recordOf(event.source).id) ??
    asString(event.sender_id) ??
    asString(recordOf(event.user).id_str) ??
    asString(recordOf(event.user).id)
  );
}

function profileIn(event: UnknownRecord): Partial<Person> {
  const name = asString(recordOf(event.source ?? event.user).name);
  return name === undefined ? {} : { name };
}

function unknownNotice(kind: string, scope: Scope): InboundNotice {
  return {
    kind: 'notice',
    account: scope.account,
    code: 'twitter:unknown-event',
    text: `X sent an event this version does not know ("${kind.slice(0, 60)}"). Nothing is lost of any conversation.`,
    severity: 'info',
  };
}

function revocationOf(event: unknown): InboundNotice | undefined {
  const source = asString(recordOf(recordOf(recordOf(event).revoke).source).user_id);
  return source === undefined ? undefined : revocation(source);
}

function revocation(account: string): InboundNotice {
  return {
    kind: 'notice',
    account,
    code: 'twitter:access-revoked',
    text: 'The account took the app’s access away. No messages come or go until it is authorised again and the new tokens are set here.',
    severity: 'error',
  };
}

function replayNotice(status: UnknownRecord): InboundNotice {
  const state = asString(status.job_state) ?? 'unknown';
  const detail = asString(status.job_state_description);
  return {
    kind: 'notice',
    code: 'twitter:replay-ended',
    text: `The replay of missed events ended: ${state}${detail === undefined ? '' : ` (${detail.slice(0, 200)})`}.`,
    severity: /complete/i.test(state) ? 'info' : 'warning',
  };
}
