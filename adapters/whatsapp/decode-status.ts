import type { Inbound, InboundStatus } from '../contract/index.ts';
import { asArray, asString, required, type UnknownRecord } from '../kit/inbound.ts';
import { graphErrorOf } from '../kit/meta-errors.ts';
import { adviceOf, stopsChannel } from './failures.ts';
import { keyPrefix } from './platform.ts';
import { type Scope, timeOf } from './scope.ts';

const states: ReadonlyMap<string, InboundStatus['state']> = new Map(
  Object.entries<InboundStatus['state']>({
    sent: 'sent',
    delivered: 'delivered',
    read: 'read',
    // A voice note was listened to.
    played: 'read',
    failed: 'failed',
  }),
);

/** What became of a message of ours. Read may come without delivered, and any of them before we know its id. */
export function statusItems(status: UnknownRecord, scope: Scope): Inbound[] {
  const state = states.get(required(asString(status.status), 'status'));
  const id = required(asString(status.id), 'message id');
  // The customer deleted it for themselves, and the like.
  if (state === undefined) return [];
  const told = asString(status.biz_opaque_callback_data);
  const key = told?.startsWith(keyPrefix) === true ? told.slice(keyPrefix.length) : '';
  const item: InboundStatus = {
    kind: 'status',
    account: scope.account,
    state,
    messages: [id],
    ...(key === '' ? {} : { key }),
    at: timeOf(status),
  };
  if (state === 'failed') {
    const error = graphErrorOf(asArray(status.errors)[0]);
    item.reason =
      error === undefined
        ? { code: 'unknown', text: 'WhatsApp says that the message did not arrive, and not why.' }
        : { code: String(error.code), text: `${error.text}${adviceOf(error.code)}` };
  }
  return [item];
}

/** Something that concerns the number and no message. */
export function errorNotices(value: UnknownRecord, scope: Scope): Inbound[] {
  const error = required(graphErrorOf(value), 'error code');
  return [
    {
      kind: 'notice',
      account: scope.account,
      code: `whatsapp:error-${error.code}`,
      severity: stopsChannel(error.code) ? 'error' : 'warning',
      text: `WhatsApp says (${error.code}): ${error.text}${adviceOf(error.code)}`,
    },
  ];
}
