import type { ActivityContent, DraftActivity, Participant } from '../../adapters/contract/index.ts';
import type { AppendActivity } from './changes.ts';
import type { CustomerMessage, LinkedMedia } from './messages.ts';

/** States in which a customer's message is simply added: everything open but parked, which it wakes. */
export const receivingStates = ['open', 'queued', 'offered', 'active'] as const;

/** A message as it goes into the log: content with the attachments the media cache vouches for. */
export function messageDraft(
  from: Participant,
  audience: 'all' | 'staff',
  content: ActivityContent,
  media: LinkedMedia | undefined,
): DraftActivity {
  const draft: DraftActivity = { ...content, type: 'message', from, audience };
  if (media !== undefined) draft.attachments = media.attachments;
  return draft;
}

/** The change that stores a customer's message in a session that is in one of `states`. */
export function customerAppend(
  message: CustomerMessage,
  sessionId: string,
  at: number,
  states?: readonly string[],
): AppendActivity {
  const activity = messageDraft(message.from, message.audience ?? 'all', message.content, message.media);
  if (message.type !== undefined) activity.type = message.type;
  if (message.name !== undefined) activity.name = message.name;
  if (message.quotes?.sessionId === sessionId) activity.replyToId = message.quotes.activityId;
  if (message.clientId !== undefined) activity.clientId = message.clientId;
  if (message.externalId !== undefined) activity.externalId = message.externalId;
  const append: AppendActivity = {
    kind: 'append',
    tenantId: message.tenantId,
    sessionId,
    at,
    activity,
    keyScope: message.keyScope,
  };
  if (states !== undefined) append.states = states;
  return append;
}
