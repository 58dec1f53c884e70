import { ChannelError, type Inbound } from '../contract/index.ts';
import { asArray, asRecord, asString, guarded, required, type UnknownRecord } from '../kit/inbound.ts';
import type { FacebookSettings } from './config.ts';
import { messageItems } from './decode-message.ts';
import { receiptItems } from './decode-receipt.ts';
import { noticeItems, threadItems } from './decode-thread.ts';
import { activityOf, type Scope, scopeOf } from './scope.ts';

/**
 * What a delivery of Messenger or Instagram says. One delivery holds many entries, for one or more accounts, and each
 * entry many events: in `messaging`, in `standby` while another app has the conversation, or in `changes`.
 */
export function decode(payload: unknown, settings: FacebookSettings): Inbound[] {
  const body = asRecord(payload);
  if (body === undefined) throw new ChannelError('CHANNEL_PAYLOAD_INVALID', 'The delivery is no JSON object.');
  const { object } = body;
  if (object !== 'page' && object !== 'instagram') {
    return [{ kind: 'unreadable', reason: 'the delivery is about neither a Page nor an Instagram account' }];
  }
  return guarded(asArray(body.entry), (item) => entryItems(asRecord(item), object, settings));
}

function entryItems(
  entry: UnknownRecord | undefined,
  object: 'page' | 'instagram',
  settings: FacebookSettings,
): Inbound[] {
  const scope = scopeOf(required(entry, 'entry'), object, settings);
  const { account } = scope;
  const events = (list: unknown, standby: boolean) =>
    guarded(asArray(list), (item) => eventItems(required(asRecord(item), 'event'), { ...scope, standby }), account);
  return [
    ...events(entry?.messaging, false),
    ...events(entry?.standby, true),
    ...guarded(asArray(entry?.changes), (item) => changeItems(required(asRecord(item), 'change'), scope), account),
  ];
}

/** Which key exists says what an event is. */
function eventItems(event: UnknownRecord, scope: Scope): Inbound[] {
  return (
    messageItems(event, scope) ??
    receiptItems(event, scope) ??
    threadItems(event, scope) ??
    noticeItems(event, scope) ?? [unknownEvent(event, scope)]
  );
}

const envelope = ['sender', 'recipient', 'timestamp'];

function unknownEvent(event: UnknownRecord, scope: Scope): Inbound {
  const kind = Object.keys(event).find((key) => !envelope.includes(key)) ?? 'nothing';
  return activityOf(event, scope, {
    suffix: `unknown:${kind.slice(0, 60)}`,
    content: { type: 'event', name: 'facebook:unknown-event-received', value: { kind }, channelData: event },
  });
}

/** Fields whose dashboard test comes as a change that holds the event itself. */
const messagingFields =
  /^(messages|message_(echoes|reactions|reads|deliveries|edits)|messaging_(postbacks|referrals?|optins|seen|handovers|handover))$/;

function changeItems(change: UnknownRecord, scope: Scope): Inbound[] {
  const field = required(asString(change.field), 'field');
  const value = asRecord(change.value);
  if (messagingFields.test(field) && value !== undefined) return eventItems(value, scope);
  return [
    {
      kind: 'notice',
      account: scope.account,
      code: 'facebook:change-ignored',
      text: `A change of the field "${field.slice(0, 60)}" was ignored: it is no message. The webhook need not be subscribed to it.`,
      severity: 'info',
    },
  ];
}
