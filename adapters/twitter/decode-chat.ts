import type { Conversation, Inbound, InboundContent } from '../contract/index.ts';
import { asString, required, type UnknownRecord } from '../kit/inbound.ts';
import { personOf, type Scope, timeOf } from './decode-people.ts';
import { madeAt } from './platform.ts';

const received =
  'This customer wrote an encrypted message, which X shows only in its own app. Open X to read and answer it; an answer from here goes as an ordinary direct message.';
const sent = 'An encrypted message was sent from X. Its text can be read only there.';

/**
 * An event of an encrypted chat (XChat): who wrote and when, never what; only the members' own keys open it. A message
 * is shown as one that must be read on X, so that it waits in a queue like any other.
 */
export function decodeChat(kind: string, payload: UnknownRecord, scope: Scope): Inbound[] {
  const chat = asString(payload.conversation_id);
  const group = chat !== undefined && /^g\d+$/.test(chat) ? chat : undefined;
  if (group !== undefined && scope.settings.groups !== 'answered') return [];
  const told = asString(payload.sender_id);
  const partner = partnerOf(chat, scope.account);
  const sender = told ?? (kind === 'chat.sent' ? scope.account : partner);
  const isOwn = sender === scope.account;
  const person = required(
    group === undefined ? (partner ?? (isOwn ? undefined : sender)) : (sender ?? group),
    'sender_id',
  );
  const id = asString(payload.id);
  const at =
    timeOf(payload.created_at_msec) ?? timeOf(payload.created_at) ?? (id === undefined ? undefined : madeAt(id));
  const common = {
    account: scope.account,
    externalId: `chat:${required(id ?? scope.uuid, 'id')}`,
    conversation: conversationOf(group, person),
    at: at ?? 0,
  };
  // The cipher text is of no use to anybody here and is left out.
  const channelData = { encrypted: true, eventType: kind, conversationId: chat ?? null };
  if (kind === 'chat.received' || kind === 'chat.sent') {
    const text = isOwn ? sent : received;
    const content: InboundContent = { type: 'message', text, textFormat: 'plain', channelData };
    if (isOwn) return [{ kind: 'echo', ...common, content }];
    return [{ kind: 'activity', ...common, from: personOf(person, scope.users), content, begins: true }];
  }
  if (isOwn) return [];
  const isJoin = kind === 'chat.conversation_join' || kind === 'chat.conversation.join';
  const name = isJoin ? 'twitter:chat-joined' : 'twitter:chat-changed';
  const content: InboundContent = { type: 'event', name, value: { kind }, channelData };
  return [{ kind: 'activity', ...common, from: personOf(person, scope.users), content, begins: false }];
}

/** The other of the two people in an id such as `17:42` or `17-42`. */
function partnerOf(chat: string | undefined, account: string): string | undefined {
  const members = /^(\d+)[:-](\d+)$/.exec(chat ?? '');
  if (members === null) return undefined;
  return members[1] === account ? members[2] : members[1];
}

/** The person's one conversation, encrypted or not; a group has its own. */
function conversationOf(group: string | undefined, person: string): Conversation {
  return group === undefined
    ? { id: `user:${person}`, address: { userId: person } }
    : { id: `group:${group}`, address: { conversationId: group } };
}
