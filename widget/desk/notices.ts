import type { Activity } from '../client/desk-protocol.ts';
import { desk } from '../locales/desk/en.ts';
import { text } from '../locales/desk/text.ts';

/** Values of the server's own events, as far as they are put into words. All of it may be missing. */
interface EventValue {
  agent?: { id?: string; name?: string };
  from?: { name?: string };
  by?: { name?: string } | string;
  queue?: { name?: string };
  because?: unknown;
  reason?: unknown;
  score?: unknown;
  comment?: unknown;
}

/** Words for an event of a session's log, or undefined when it is not shown. `me`: the reader's account id. */
export function notice(activity: Activity, me: string | undefined): string | undefined {
  if (activity.type !== 'event') return undefined;
  const value = (typeof activity.value === 'object' && activity.value !== null ? activity.value : {}) as EventValue;
  const agent = value.agent?.name ?? '';
  switch (activity.name) {
    case 'session:queued':
      return text('notice.queued');
    case 'session:assigned':
      return value.agent?.id === me ? text('notice.assignedYou') : text('notice.assigned', { agent });
    case 'session:transferred': {
      const to = value.queue?.name ?? agent;
      const from = value.from?.name;
      return from ? text('notice.transferred', { from, to }) : text('notice.transferredTo', { to });
    }
    case 'session:requeued':
      return agent === '' ? text('notice.requeuedPlain') : text('notice.requeued', { agent });
    case 'session:parked':
      return text('notice.parked');
    case 'session:resumed':
      return text('notice.resumed');
    case 'session:reopened':
      return text('notice.reopened');
    case 'session:closed':
      return closed(activity, String(value.reason ?? 'other'), me);
    case 'session:rated': {
      const score = Number(value.score);
      return typeof value.comment === 'string'
        ? text('notice.ratedComment', { score, comment: value.comment })
        : text('notice.rated', { score });
    }
    case 'offer:made': {
      const why = reasonWords(value.because);
      return why === undefined ? text('notice.offeredPlain', { agent }) : text('notice.offered', { agent, why });
    }
    case 'offer:declined':
      return text('notice.declined', { agent });
    case 'offer:missed':
      return text('notice.missed', { agent });
    case 'offer:withdrawn':
      return text('notice.withdrawn', { agent });
    case 'transfer:requested':
      return text('notice.transferAsked', { by: typeof value.by === 'object' ? (value.by.name ?? '') : '', agent });
    case 'transfer:refused':
      return text('notice.transferRefused', { agent });
    case 'participant:gone':
      return text('notice.gone');
    case 'participant:back':
      return text('notice.back');
    case 'identity:signed':
      return text('notice.signed');
    case 'media:failed':
      return text('notice.mediaFailed');
    default:
      // Accepting, joining and leaving are told by `assigned` and `transferred`; platforms' own events are theirs.
      return undefined;
  }
}

/** Why a session was closed, in words. */
export function closeReason(reason: string): string {
  const key = `reason.${reason}`;
  return key in desk ? text(key as 'reason.other') : reason;
}

function closed({ from }: Activity, reason: string, me: string | undefined): string {
  const words = closeReason(reason);
  if (from.role === 'system' || from.role === 'bot') return text('notice.closedSystem', { reason: words });
  const who = from.role === 'user' ? text('who.customer') : from.id === me ? text('who.you') : (from.name ?? '');
  return text('notice.closed', { who, reason: words });
}

/** The first reason decided; others held, too. */
function reasonWords(because: unknown): string | undefined {
  const first: unknown = Array.isArray(because) ? because[0] : because;
  const key = `why.${String(first)}`;
  return key in desk ? text(key as 'why.last-agent') : undefined;
}
