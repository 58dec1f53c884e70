import type { Inbound } from '../contract/index.ts';
import { asNumber, asRecord, asString, required, type UnknownRecord } from '../kit/inbound.ts';
import { contentOf } from './decode-content.ts';
import { activityOf, eventItem, isIgnored, personOf, phoneOf, type Scope, timeOf } from './scope.ts';

/** One message of a customer, by its type. */
export function messageItems(message: UnknownRecord, scope: Scope): Inbound[] {
  if (isIgnored(message, scope)) return [];
  const id = required(asString(message.id), 'message id');
  switch (asString(message.type)) {
    case 'reaction':
      return [ofReaction(message, id, scope)];
    case 'edit':
      return [ofEdit(message, id, scope)];
    case 'revoke':
      return [ofRevoke(message, id, scope)];
    case 'system':
      return ofSystem(message, id, scope);
    case 'request_welcome':
      return [eventItem(message, scope, { externalId: id, name: 'whatsapp:conversation-opened' })];
    default:
      return ofContent(message, id, scope);
  }
}

function ofContent(message: UnknownRecord, id: string, scope: Scope): Inbound[] {
  const item = activityOf(message, scope, { externalId: id, content: contentOf(message), opens: true, messageId: id });
  const referral = asRecord(message.referral);
  if (referral === undefined) return [item];
  const { source_url: url, source_type: source, source_id: ad, headline, body, ctwa_clid: click } = referral;
  const value = Object.fromEntries(
    Object.entries({ url, source, ad: asString(ad), headline, body, click }).filter(([, told]) => told !== undefined),
  );
  return [item, eventItem(message, scope, { externalId: `${id}:referral`, name: 'whatsapp:referred', value })];
}

/** People have one reaction to a message: a new one takes the place of the old, and what goes is not named. */
const any = '*';

function ofReaction(message: UnknownRecord, id: string, scope: Scope): Inbound {
  const reaction = required(asRecord(message.reaction), 'reaction');
  const target = required(asString(reaction.message_id), 'message id of a reaction');
  // Taken back: without emoji, in older versions with an empty one.
  const emoji = asString(reaction.emoji);
  const value = emoji === undefined ? { removed: [any] } : { added: [emoji], removed: [any] };
  return activityOf(message, scope, {
    externalId: id,
    content: { type: 'messageReaction', target, value },
    opens: true,
    messageId: id,
  });
}

/** Of numbers that are used with the WhatsApp Business app, too. */
function ofEdit(message: UnknownRecord, id: string, scope: Scope): Inbound {
  const edit = required(asRecord(message.edit), 'edit');
  const target = required(asString(edit.original_message_id), 'message id of an edit');
  const { text } = contentOf(asRecord(edit.message) ?? {});
  return activityOf(message, scope, {
    externalId: id,
    content: { type: 'messageUpdate', target, text: text ?? '' },
    messageId: target,
  });
}

function ofRevoke(message: UnknownRecord, id: string, scope: Scope): Inbound {
  const target = required(asString(asRecord(message.revoke)?.original_message_id), 'message id of what was taken back');
  return activityOf(message, scope, { externalId: id, content: { type: 'messageDelete', target }, messageId: target });
}

/**
 * WhatsApp itself tells that somebody has another number or user id. Form by third-party notes (n), for user ids: there
 * are no contacts, perhaps no `from`, and which ids are there differs.
 */
function ofSystem(message: UnknownRecord, id: string, scope: Scope): Inbound[] {
  const system = required(asRecord(message.system), 'system');
  const type = asString(system.type) ?? '';
  const changed = changes.get(type);
  if (changed === undefined) {
    const name = type.includes('identity') ? 'whatsapp:identity-changed' : 'whatsapp:system-message-received';
    return [eventItem(message, scope, { externalId: id, name, channelData: message })];
  }
  const old = asString(message.from);
  const previous = asString(system.previous_user_id);
  const userId = asString(system.user_id) ?? asString(message.from_user_id);
  const number = asString(system.wa_id) ?? asString(system.new_wa_id);
  const waId = phoneOf(number)?.slice(1) ?? (type === 'user_changed_user_id' ? old : undefined);
  const before = required(previous ?? userId ?? old, 'former id');
  const { person, address } = personOf(
    { userId: userId === previous ? undefined : userId, waId },
    { ...scope, only: undefined },
  );
  const conversation = { id: `user:${person.id}`, address };
  const at = timeOf(message);
  const event: Inbound = {
    kind: 'activity',
    account: scope.account,
    externalId: id,
    conversation,
    from: person,
    at,
    content: { type: 'event', name: changed },
  };
  if (before === person.id) return [event];
  return [
    {
      kind: 'rename',
      account: scope.account,
      before: { conversation: `user:${before}`, person: before },
      conversation,
      person,
      at,
    },
    event,
  ];
}

const changes: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    user_changed_number: 'whatsapp:number-changed',
    customer_changed_number: 'whatsapp:number-changed',
    user_changed_user_id: 'whatsapp:user-id-changed',
  }),
);

/** What the company wrote in the WhatsApp Business app with the same number. */
export function echoItems(message: UnknownRecord, scope: Scope): Inbound[] {
  if (isIgnored(message, scope)) return [];
  const { person, address } = personOf({ userId: asString(message.to_user_id), waId: asString(message.to) }, scope);
  const type = asString(message.type);
  // Edits and unsends of the app are of messages that the server knows only as the company's own.
  if (type === 'edit' || type === 'revoke' || type === 'reaction') return [];
  return [
    {
      kind: 'echo',
      account: scope.account,
      externalId: required(asString(message.id), 'message id'),
      conversation: { id: `user:${person.id}`, address },
      at: timeOf(message),
      content: contentOf(message),
    },
  ];
}

/** A call opens the window like a message. It is not taken here: only that somebody called is told. */
export function callItems(call: UnknownRecord, scope: Scope): Inbound[] {
  const id = required(asString(call.id), 'call id');
  const event = required(asString(call.event), 'event');
  if (asString(call.direction) === 'BUSINESS_INITIATED') return [];
  const began = event === 'connect';
  const duration = asNumber(call.duration);
  const status = asString(call.status);
  return [
    eventItem(call, scope, {
      externalId: `${id}:${event}`,
      name: began ? 'whatsapp:called' : 'whatsapp:call-ended',
      opens: began,
      ...(began
        ? {}
        : { value: { ...(status === undefined ? {} : { status }), ...(duration === undefined ? {} : { duration }) } }),
    }),
  ];
}

/** Whether somebody wants marketing messages. */
export function preferenceItems(preference: UnknownRecord, scope: Scope): Inbound[] {
  const wish = required(asString(preference.value), 'value');
  const item = { ...preference, from: preference.wa_id, from_user_id: preference.user_id };
  const { person } = personOf({ userId: asString(preference.user_id), waId: asString(preference.wa_id) }, scope);
  const name = wish === 'stop' ? 'whatsapp:marketing-stopped' : 'whatsapp:marketing-resumed';
  return [
    eventItem(item, scope, { externalId: `${person.id}:${timeOf(preference)}:preference:${wish.slice(0, 40)}`, name }),
  ];
}
