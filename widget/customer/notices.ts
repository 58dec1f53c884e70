import type { Activity } from '../client/customer-protocol.ts';
import { text } from '../locales/customer/text.ts';

const nameIn = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name } = value as { name?: unknown };
  return typeof name === 'string' && name !== '' ? name : undefined;
};

/** An event of the log in the customer's words; undefined for those that are not shown. */
export function noticeOf(activity: Activity): string | undefined {
  const value = (typeof activity.value === 'object' && activity.value !== null ? activity.value : {}) as Record<
    string,
    unknown
  >;
  switch (activity.name) {
    case 'participant:joined': {
      const name = activity.from.name ?? nameIn(value.participant);
      return name === undefined ? undefined : text('notice.joined', { name });
    }
    case 'participant:left': {
      // Told by `session:transferred`.
      if (value.reason === 'transferred') return undefined;
      const name = activity.from.name ?? nameIn(value.participant);
      return name === undefined ? undefined : text('notice.left', { name });
    }
    case 'session:transferred': {
      const name = nameIn(value.agent) ?? nameIn(value.queue);
      return name === undefined ? text('notice.requeued') : text('notice.transferred', { name });
    }
    case 'session:requeued':
      return text('notice.requeued');
    case 'session:queued':
      return value.reason === 'started' ? text('notice.queued') : undefined;
    case 'session:reopened':
      return text('notice.reopened');
    case 'session:closed':
      return closing(value.reason, activity.from.role === 'user');
    case 'session:rated':
      return typeof value.score === 'number' ? text('notice.rated', { score: value.score }) : undefined;
    case 'media:failed':
      return text('notice.mediaFailed');
    default:
      return undefined;
  }
}

function closing(reason: unknown, byCustomer: boolean): string {
  if (byCustomer) return text('notice.closedByYou');
  if (reason === 'inactive') return text('notice.closedInactive');
  if (reason === 'abandoned') return text('notice.closedAbandoned');
  return text('notice.closed');
}
