import type { Conversation, Inbound, InboundActivity, InboundContent, Person } from '../contract/index.ts';
import { asArray, asNumber, asRecord, asString, required, type UnknownRecord } from '../kit/inbound.ts';
import type { WhatsappSettings } from './config.ts';
import { type Address, windowLength } from './platform.ts';

/** What holds for all items of one change. */
export interface Scope {
  /** Phone number id. */
  account: string;
  answersGroups: boolean;
  /** By business-scoped user id and by wa_id. */
  contacts: ReadonlyMap<string, UnknownRecord>;
  only: UnknownRecord | undefined;
}

/** The scope of a change; undefined when it is not about a number. */
export function scopeOf(value: UnknownRecord, settings: WhatsappSettings): Scope | undefined {
  const account = asString(asRecord(value.metadata)?.phone_number_id);
  if (account === undefined) return undefined;
  const list = asArray(value.contacts)
    .map((contact) => asRecord(contact))
    .filter((contact) => contact !== undefined);
  const contacts = new Map<string, UnknownRecord>();
  for (const contact of list) {
    for (const id of [asString(contact.user_id), asString(contact.wa_id)])
      if (id !== undefined) contacts.set(id, contact);
  }
  return {
    account,
    answersGroups: settings.groups === 'answered',
    contacts,
    only: list.length === 1 ? list[0] : undefined,
  };
}

/** Meta tells seconds, as text. ms since the epoch. */
export function timeOf(item: UnknownRecord): number {
  const seconds = required(asNumber(item.timestamp), 'timestamp');
  return Math.round((seconds < 100_000_000_000 ? seconds : seconds / 1_000) * 1_000);
}

/**
 * A person is their business-scoped user id where Meta tells one, because the number may be hidden and may change; else
 * the number. The number is kept beside it.
 */
export function personOf(
  ids: { userId: string | undefined; waId: string | undefined },
  scope: Scope,
): { person: Person; address: Address } {
  const named = scope.contacts.get(ids.userId ?? '') ?? scope.contacts.get(ids.waId ?? '');
  const contact = named ?? (ids.userId === undefined && ids.waId === undefined ? scope.only : undefined);
  const userId = ids.userId ?? asString(contact?.user_id);
  const phone = phoneOf(ids.waId ?? asString(contact?.wa_id));
  const id = required(userId ?? phone?.slice(1), 'sender');
  const profile = asRecord(contact?.profile);
  const name = asString(profile?.name) ?? asString(profile?.username);
  return {
    person: { id, ...(name === undefined ? {} : { name }), ...(phone === undefined ? {} : { phone }) },
    address: { ...(phone === undefined ? {} : { to: phone }), ...(userId === undefined ? {} : { recipient: userId }) },
  };
}

/** A number as one dials it. A wa_id is its digits. */
export function phoneOf(waId: string | undefined): string | undefined {
  const digits = waId?.replace(/^\+/, '') ?? '';
  return /^\d{4,20}$/.test(digits) ? `+${digits}` : undefined;
}

/** Something a customer did in their conversation, or in that of a group. */
export function activityOf(
  item: UnknownRecord,
  scope: Scope,
  what: { externalId: string; content: InboundContent; opens?: boolean; messageId?: string },
): InboundActivity {
  const { person, address } = personOf({ userId: asString(item.from_user_id), waId: asString(item.from) }, scope);
  const at = timeOf(item);
  const group = asString(item.group_id);
  const conversation: Conversation = {
    id: group === undefined ? `user:${person.id}` : `group:${group}`,
    address: {
      ...(group === undefined ? address : { group }),
      ...(what.messageId === undefined ? {} : { messageId: what.messageId }),
    },
  };
  if (what.opens === true) conversation.window = { until: at + windowLength };
  return {
    kind: 'activity',
    account: scope.account,
    externalId: what.externalId,
    conversation,
    from: person,
    at,
    content: what.content,
  };
}

/** Whether an item is of a group and groups are ignored. */
export function isIgnored(item: UnknownRecord, scope: Scope): boolean {
  return asString(item.group_id) !== undefined && !scope.answersGroups;
}

/** An event that is not said in words. */
export function eventItem(
  item: UnknownRecord,
  scope: Scope,
  what: { externalId: string; name: string; value?: unknown; opens?: boolean; channelData?: unknown },
): Inbound {
  const { externalId, name, value, opens, channelData } = what;
  return activityOf(item, scope, {
    externalId,
    ...(opens === true ? { opens } : {}),
    content: {
      type: 'event',
      name,
      ...(value === undefined ? {} : { value }),
      ...(channelData === undefined ? {} : { channelData }),
    },
  });
}
