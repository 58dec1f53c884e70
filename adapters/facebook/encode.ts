import type { EncodeContext, Loss, OutboundActivity, Part, Prepared } from '../contract/index.ts';
import { lossesOf } from '../kit/degrade.ts';
import type { FacebookSettings } from './config.ts';
import type { Draft } from './draft.ts';
import { draftsOf } from './encode-message.ts';
import { type Address, keyPrefix, type SendRequest, times } from './platform.ts';

/**
 * A message as Messenger and Instagram take it: words, each file, and cards are messages of their own; quick replies
 * go with the last. There are no edits and deletions. Pure.
 */
export function prepare(activity: OutboundActivity, context: EncodeContext<FacebookSettings>): Prepared {
  const { closed } = context.conversation;
  if (closed !== undefined) return blocked({ code: 'conversation-closed', values: { closed } });
  const mode = modeOf(activity, context);
  if (mode === undefined) return blocked({ code: 'window-closed' });
  if (activity.type === 'messageReaction') return reaction(activity, context);
  if (activity.type === 'messageDelete') return blocked({ code: 'deletion-not-possible' });
  if (activity.type !== 'message') return blocked({ code: 'nothing-to-send' });
  const { drafts, losses } = draftsOf(activity, context);
  if (drafts.length === 0 && losses.every(({ blocks }) => blocks !== true))
    losses.push({ code: 'nothing-to-send', blocks: true });
  const found = lossesOf(losses);
  if (found.some((loss) => loss.blocks === true)) return { parts: [], losses: found };
  return { parts: drafts.map((draft, index) => partOf(draft, index, mode, activity.target, context)), losses: found };
}

function blocked(loss: Loss): Prepared {
  return { parts: [], losses: [{ ...loss, blocks: true }] };
}

type Mode = { messaging_type: 'RESPONSE' } | { messaging_type: 'MESSAGE_TAG'; tag: 'HUMAN_AGENT' };

/**
 * Within 24 hours anybody answers, within 7 days a human with the tag. With the setting the window on record ends after
 * 7 days. Other tags are refused since 2026. Without a window on record the platform decides.
 */
function modeOf({ from }: OutboundActivity, context: EncodeContext<FacebookSettings>): Mode | undefined {
  const { conversation, settings, now } = context;
  const until = conversation.window?.until;
  if (until === undefined) return { messaging_type: 'RESPONSE' };
  if (now >= until) return undefined;
  const tagged = settings.humanAgent && now >= until - (times.humanAgentWindow - times.window);
  if (!tagged) return { messaging_type: 'RESPONSE' };
  return from.role === 'agent' ? { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' } : undefined;
}

function partOf(
  { message, media, shows }: Draft,
  index: number,
  mode: Mode,
  target: string | undefined,
  context: EncodeContext<FacebookSettings>,
): Part {
  // The platform knows no repeats: the key only tells our messages among the echoes.
  const metadata = `${keyPrefix}${context.key(index)}`;
  const request = requestOf(context, {
    recipient: context.conversation.address as Address,
    ...mode,
    // The quote stands beside the message (m).
    ...(index === 0 && target !== undefined ? { reply_to: { mid: target } } : {}),
    message: { ...message, metadata },
  });
  return { request, ...(media === undefined ? {} : { media: [media] }), shows };
}

function requestOf({ settings }: EncodeContext<FacebookSettings>, body: object): SendRequest {
  const path = `/${settings.graphVersion}/${settings.pageId}/messages`;
  return { method: 'POST', path, body: JSON.stringify(body) };
}

/** The only one Instagram takes (m); people write it with and without the variation selector. */
const love = /^(❤\uFE0F?|♥\uFE0F?)$/u;

/** Reactions are actions of the sender, not messages: they have no id and are not echoed. */
function reaction({ value, target }: OutboundActivity, context: EncodeContext<FacebookSettings>): Prepared {
  const { added = [], removed = [] } = (value ?? {}) as { added?: string[]; removed?: string[] };
  const emoji = added.at(-1);
  const instagram = context.settings.platform === 'instagram';
  if (target === undefined || (emoji === undefined && removed.length === 0))
    return blocked({ code: 'nothing-to-send' });
  if (emoji !== undefined && instagram && !love.test(emoji)) return blocked({ code: 'reaction-dropped' });
  const name = instagram ? 'love' : emoji;
  const request = requestOf(context, {
    recipient: context.conversation.address as Address,
    sender_action: emoji === undefined ? 'unreact' : 'react',
    payload: { message_id: target, ...(emoji === undefined ? {} : { reaction: name }) },
  });
  return {
    parts: [{ request, shows: { kind: 'other', ...(emoji === undefined ? {} : { text: emoji }) } }],
    losses: [],
  };
}
