import {
  type EncodeContext,
  factTypes,
  type Loss,
  type OutboundActivity,
  type Part,
  type Prepared,
} from '../contract/index.ts';
import { lossesOf } from '../kit/degrade.ts';
import type { WhatsappSettings } from './config.ts';
import type { Draft } from './draft.ts';
import { draftsOf } from './encode-message.ts';
import { type Address, keyPrefix, type SendRequest } from './platform.ts';

type Context = EncodeContext<WhatsappSettings>;

/**
 * A message as WhatsApp takes it. Within 24 hours of the customer's last message anything goes, afterwards an approved
 * template alone. There are no edits and deletions. Pure.
 */
export function prepare(activity: OutboundActivity, context: Context): Prepared {
  const { closed } = context.conversation;
  if (closed !== undefined) return blocked({ code: 'conversation-closed', values: { closed } });
  if (isWindowClosed(context) && !isTemplateAlone(activity)) return blocked({ code: 'window-closed' });
  if (activity.type === 'messageReaction') return reaction(activity, context);
  if (activity.type === 'messageDelete') return blocked({ code: 'deletion-not-possible' });
  if (activity.type !== 'message') return blocked({ code: 'nothing-to-send' });
  const { drafts, losses } = draftsOf(activity, context);
  if (drafts.length === 0 && losses.every(({ blocks }) => blocks !== true)) {
    losses.push({ code: 'nothing-to-send', blocks: true });
  }
  const found = lossesOf(losses);
  if (found.some((loss) => loss.blocks === true)) return { parts: [], losses: found };
  return { parts: drafts.map((draft, index) => partOf(draft, index, activity.target, context)), losses: found };
}

function blocked(loss: Loss): Prepared {
  return { parts: [], losses: [{ ...loss, blocks: true }] };
}

/** Without a window on record (the customer never wrote) a template is all that goes. */
function isWindowClosed({ conversation, now }: Context): boolean {
  return conversation.window === undefined || conversation.window.until <= now;
}

function isTemplateAlone({ type, text = '', attachments = [], suggestedActions }: OutboundActivity): boolean {
  return (
    type === 'message' &&
    text.trim() === '' &&
    attachments.length > 0 &&
    attachments.every(({ contentType }) => contentType === factTypes.template) &&
    (suggestedActions?.actions ?? []).length === 0
  );
}

function partOf(
  { type, content, media, shows }: Draft,
  index: number,
  target: string | undefined,
  context: Context,
): Part {
  const request = requestOf(context, index, {
    ...(index === 0 && target !== undefined ? { context: { message_id: target } } : {}),
    type,
    [type]: content,
  });
  return { request, ...(media === undefined ? {} : { media: [media] }), shows };
}

/** The platform knows no repeats: the opaque data only tells our messages among the statuses. */
function requestOf({ settings, conversation, key }: Context, index: number, message: object): SendRequest {
  const { to, recipient, group } = conversation.address as Address;
  const person = to === undefined ? { recipient } : { to };
  const body = {
    messaging_product: 'whatsapp',
    recipient_type: group === undefined ? 'individual' : 'group',
    ...(group === undefined ? person : { to: group }),
    ...message,
    biz_opaque_callback_data: `${keyPrefix}${key(index)}`,
  };
  const path = `/${settings.graphVersion}/${settings.phoneNumberId}/messages`;
  return { method: 'POST', path, body: JSON.stringify(body) };
}

/** An empty emoji takes a reaction back (m). */
function reaction({ value, target }: OutboundActivity, context: Context): Prepared {
  const { added = [], removed = [] } = (value ?? {}) as { added?: string[]; removed?: string[] };
  const emoji = added.at(-1) ?? (removed.length > 0 ? '' : undefined);
  if (target === undefined || emoji === undefined) return blocked({ code: 'nothing-to-send' });
  const request = requestOf(context, 0, { type: 'reaction', reaction: { message_id: target, emoji } });
  return { parts: [{ request, shows: { kind: 'other', ...(emoji === '' ? {} : { text: emoji }) } }], losses: [] };
}
