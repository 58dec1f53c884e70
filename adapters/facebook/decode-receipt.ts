import type { Inbound } from '../contract/index.ts';
import { asArray, asRecord, asString, required, type UnknownRecord } from '../kit/inbound.ts';
import { millis, partiesOf, type Scope } from './scope.ts';

/**
 * What was delivered and read. Messenger tells watermarks: all messages up to then. Instagram tells the last message
 * read, and no deliveries. Undefined for other events.
 */
export function receiptItems(event: UnknownRecord, scope: Scope): Inbound[] | undefined {
  const state = event.read !== undefined ? 'read' : event.delivery !== undefined ? 'delivered' : undefined;
  if (state === undefined) return undefined;
  const { customer, own } = partiesOf(event, scope);
  // The account's own reading is nothing that became of its messages.
  if (own) return [];
  const told = required(asRecord(event.read ?? event.delivery), 'receipt');
  const upto = millis(told.watermark);
  const messages = [...asArray(told.mids), ...asArray(told.mid)]
    .map((mid) => asString(mid))
    .filter((mid) => mid !== undefined);
  if (upto === undefined && messages.length === 0) required(undefined, 'watermark');
  return [
    {
      kind: 'status',
      account: scope.account,
      state,
      ...(messages.length === 0 ? {} : { messages }),
      ...(upto === undefined ? {} : { upto }),
      conversation: { id: `user:${customer}` },
      at: required(millis(event.timestamp) ?? upto ?? scope.time, 'timestamp'),
    },
  ];
}
