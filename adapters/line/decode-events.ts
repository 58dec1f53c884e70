import type { InboundContent } from '../contract/index.ts';
import { asArray, asBoolean, asString, recordOf, type UnknownRecord } from '../kit/index.ts';

/** Events that are no messages: what happened, and what is worth keeping of it. */
export function eventContentOf(type: string, event: UnknownRecord): InboundContent {
  switch (type) {
    case 'follow':
      return happened('followed', { isUnblocked: asBoolean(recordOf(event.follow).isUnblocked) ?? false });
    case 'unfollow':
      return happened('unfollowed');
    case 'join':
      return happened('joined');
    case 'leave':
      return happened('left');
    case 'memberJoined':
      return happened('member-joined', { members: membersOf(event.joined) });
    case 'memberLeft':
      return happened('member-left', { members: membersOf(event.left) });
    case 'videoPlayComplete':
      return happened('video-watched', named({ trackingId: recordOf(event.videoPlayComplete).trackingId }));
    case 'beacon':
      return happened('beacon-passed', named({ hwid: recordOf(event.beacon).hwid, type: recordOf(event.beacon).type }));
    case 'accountLink':
      // Its nonce proves who somebody is: it is not kept.
      return happened('account-linked', named({ result: recordOf(event.link).result }));
    case 'membership':
      return happened('membership-changed', named({ type: recordOf(event.membership).type }));
    case 'delivery':
      return happened('notification-delivered', named({ data: recordOf(event.delivery).data }));
    default:
      return happened('unknown', { type: type.slice(0, 100) });
  }
}

function happened(what: string, value?: Record<string, unknown>): InboundContent {
  const content: InboundContent = { type: 'event', name: `line:${what}` };
  if (value !== undefined && Object.keys(value).length > 0) content.value = value;
  return content;
}

/** The fields that are text. */
function named(fields: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      const text = asString(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

function membersOf(value: unknown): string[] {
  return asArray(recordOf(value).members)
    .slice(0, 100)
    .flatMap((member) => asString(recordOf(member).userId) ?? []);
}
