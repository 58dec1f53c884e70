import type { AttachmentDraft, DeskRequests } from '../../client/desk-protocol.ts';
import type { OutgoingMessage } from '../outbox.ts';

type Said = Pick<OutgoingMessage, 'text' | 'attachments' | 'facts' | 'actions' | 'replyTo'>;
type Body = Pick<DeskRequests['message:send']['request'], 'text' | 'attachments' | 'suggestedActions' | 'replyToId'>;

/** What of a message there is: nothing empty. */
export function written({ text, attachments, facts, actions, replyTo }: Said): Said {
  return {
    ...(text && { text }),
    ...(attachments?.length && { attachments }),
    ...(facts?.length && { facts }),
    ...(actions?.length && { actions }),
    ...(replyTo && { replyTo }),
  };
}

/** A message as the server takes it, for sending and for a preview alike. */
export function bodyOf({ text, attachments = [], facts = [], actions, replyTo }: Said): Body {
  const all: AttachmentDraft[] = [...attachments.map(({ contentUrl }) => ({ contentUrl })), ...facts];
  return {
    ...(text !== undefined && { text }),
    ...(all.length > 0 && { attachments: all }),
    ...(actions !== undefined && { suggestedActions: { actions } }),
    ...(replyTo !== undefined && { replyToId: replyTo }),
  };
}
