import type { Conversation, Inbound, InboundActivity, InboundContent } from '../contract/index.ts';
import { asNumber, asRecord, asString, required, type UnknownRecord } from '../kit/inbound.ts';
import type { FacebookSettings } from './config.ts';
import { type Address, times } from './platform.ts';

/** What holds for all events of one entry. */
export interface Scope {
  /** Page id or Instagram account id. */
  account: string;
  instagram: boolean;
  /** Of the entry, ms since the epoch. */
  time: number | undefined;
  /** Another app has the conversation: we only listen. */
  standby: boolean;
  /** Our own app. */
  appId: string;
  /** How long the company may answer, ms. */
  window: number;
}

/** The scope of an entry. Both objects are accepted: the account says whose it is. */
export function scopeOf(entry: UnknownRecord, object: 'page' | 'instagram', settings: FacebookSettings): Scope {
  return {
    account: required(asString(entry.id), 'account id'),
    instagram: object === 'instagram',
    time: millis(entry.time),
    standby: false,
    appId: settings.appId,
    window: settings.humanAgent ? times.humanAgentWindow : times.window,
  };
}

/** Deliveries tell milliseconds, dashboard tests seconds; both also as text. */
export function millis(value: unknown): number | undefined {
  const told = asNumber(value);
  if (told === undefined || told <= 0) return undefined;
  return told < 100_000_000_000 ? told * 1_000 : told;
}

/** When an event happened, else when its entry was made. */
export function timeOf(event: UnknownRecord, scope: Scope): number {
  return required(millis(event.timestamp) ?? scope.time, 'timestamp');
}

/** The customer of an event, and whether the account itself did it. */
export function partiesOf(event: UnknownRecord, scope: Scope): { customer: string; address: Address; own: boolean } {
  const sender = asString(asRecord(event.sender)?.id);
  const recipient = asString(asRecord(event.recipient)?.id);
  if (sender === scope.account) {
    const customer = required(recipient, 'recipient');
    return { customer, address: { id: customer }, own: true };
  }
  if (sender !== undefined) return { customer: sender, address: { id: sender }, own: false };
  // The checkbox plugin knows nobody yet, only its own reference.
  const optin = asRecord(event.optin);
  const reference = required(asString(asRecord(event.sender)?.user_ref) ?? asString(optin?.user_ref), 'sender');
  return { customer: `ref:${reference}`, address: { user_ref: reference }, own: false };
}

export function conversationOf({ customer, address }: { customer: string; address: Address }): Conversation {
  return { id: `user:${customer}`, address };
}

/**
 * Something a customer did. `externalId` of the platform, else `suffix` with customer and time, which together name
 * the event. Messages, taps, reactions and m.me links of the customer open the window (m), nothing else does.
 */
export function activityOf(
  event: UnknownRecord,
  scope: Scope,
  what: { externalId?: string; suffix: string; content: InboundContent; opens?: boolean },
): InboundActivity {
  const parties = partiesOf(event, scope);
  const at = timeOf(event, scope);
  const conversation = conversationOf(parties);
  if (what.opens === true) conversation.window = { until: at + scope.window };
  return {
    kind: 'activity',
    account: scope.account,
    externalId: what.externalId ?? `${parties.customer}:${at}:${what.suffix}`,
    conversation,
    from: { id: parties.customer },
    at,
    content: what.content,
    // Another app answers: its customers take no agent's time, but their words belong into an open session.
    ...(scope.standby ? { begins: false } : {}),
  };
}

/** A referral beside another event: how the customer came. */
export function referralItem(
  event: UnknownRecord,
  scope: Scope,
  referral: UnknownRecord,
  of: string,
  opens = false,
): Inbound {
  const { ref, source, type, ad_id: adId, referer_uri: page, ads_context_data: ad } = referral;
  const value = Object.fromEntries(
    Object.entries({ ref, source, type, adId: asString(adId), page, ad }).filter(([, told]) => told !== undefined),
  );
  return activityOf(event, scope, {
    externalId: `${of}:referral`,
    suffix: 'referral',
    content: { type: 'event', name: 'facebook:referred', value },
    opens,
  });
}
