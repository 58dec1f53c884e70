import { ChannelError, type Inbound } from '../contract/index.ts';
import { asArray, asRecord, asString, guarded, required, type UnknownRecord } from '../kit/inbound.ts';
import type { WhatsappSettings } from './config.ts';
import { accountNotices } from './decode-account.ts';
import { callItems, echoItems, messageItems, preferenceItems } from './decode-message.ts';
import { errorNotices, statusItems } from './decode-status.ts';
import { type Scope, scopeOf } from './scope.ts';

/**
 * What a delivery of the Cloud API says. One delivery holds entries of WhatsApp Business Accounts, each with changes
 * of one field each; those of a number name it, those of the account itself do not.
 */
export function decode(payload: unknown, settings: WhatsappSettings): Inbound[] {
  const body = asRecord(payload);
  if (body === undefined) throw new ChannelError('CHANNEL_PAYLOAD_INVALID', 'The delivery is no JSON object.');
  if (body.object !== 'whatsapp_business_account') {
    return [{ kind: 'unreadable', reason: 'the delivery is not about a WhatsApp Business Account' }];
  }
  return guarded(asArray(body.entry), (item) => {
    const entry = required(asRecord(item), 'entry');
    return guarded(asArray(entry.changes), (change) => changeItems(required(asRecord(change), 'change'), settings));
  });
}

/** What of a change of `messages` and the like becomes what, in the platform's order. */
const kinds: readonly [string, (item: UnknownRecord, scope: Scope) => Inbound[]][] = [
  ['messages', messageItems],
  ['message_echoes', echoItems],
  ['statuses', statusItems],
  ['calls', callItems],
  ['user_preferences', preferenceItems],
  ['errors', errorNotices],
];

function changeItems(change: UnknownRecord, settings: WhatsappSettings): Inbound[] {
  const field = required(asString(change.field), 'field');
  const value = required(asRecord(change.value), 'value');
  const scope = scopeOf(value, settings);
  const known = kinds.filter(([key]) => value[key] !== undefined);
  // Old messages of a number that joins with its app are history, whatever they look like.
  if (scope === undefined || known.length === 0 || field === 'history')
    return accountNotices(field, value, scope?.account);
  return known.flatMap(([key, itemsOf]) =>
    guarded(asArray(value[key]), (item) => itemsOf(required(asRecord(item), 'object'), scope), scope.account),
  );
}
