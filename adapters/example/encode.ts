import {
  type EncodeContext,
  type Loss,
  mediaIdOf,
  type OutboundActivity,
  type Part,
  type Prepared,
} from '../contract/index.ts';
import {
  clip,
  factText,
  fileAsLink,
  joinLines,
  listOfActions,
  lossesOf,
  plainText,
  recordOf,
  splitText,
} from '../kit/index.ts';
import type { WebhookSettings } from './config.ts';
import { type Address, limits, type Request } from './platform.ts';

type Context = EncodeContext<WebhookSettings>;
type Message = Extract<Request, { type: 'message' }>;

/** The requests that bring a message to the other system, each with an idempotency key, and what is lost. */
export function prepare(activity: OutboundActivity, context: Context): Prepared {
  const { conversation } = context.conversation.address as Address;
  const about = activity.target;
  if (activity.type === 'messageDelete') {
    if (about === undefined) return { parts: [], losses: [{ code: 'deletion-not-possible', blocks: true }] };
    return { parts: [part({ type: 'deletion', conversation, message: about }, context, 0)], losses: [] };
  }
  if (activity.type === 'messageReaction') {
    if (about === undefined) return { parts: [], losses: [{ code: 'reaction-dropped', blocks: true }] };
    const { added, removed } = recordOf(activity.value) as { added?: string[]; removed?: string[] };
    const request: Request = {
      type: 'reaction',
      conversation,
      message: about,
      added: added ?? [],
      removed: removed ?? [],
    };
    return { parts: [part(request, context, 0)], losses: [] };
  }
  return prepareMessage(activity, conversation, context);
}

function prepareMessage(activity: OutboundActivity, conversation: string, context: Context): Prepared {
  const losses: Loss[] = [];
  const words = plainText(activity);
  losses.push(...words.losses);
  const texts = [words.text];
  const files: NonNullable<Message['files']> = [];
  for (const attachment of activity.attachments ?? []) {
    const fact = factText(attachment);
    if (fact !== undefined) {
      texts.push(fact.text);
      losses.push(...fact.losses);
      continue;
    }
    const mediaId = mediaIdOf(attachment.contentUrl);
    const url = mediaId === undefined ? undefined : context.link(mediaId);
    if (url === undefined) losses.push(...fileAsLink(attachment, context.link).losses);
    else
      files.push({
        url,
        type: attachment.contentType,
        ...(attachment.name === undefined ? {} : { name: attachment.name }),
      });
  }
  if (losses.some(({ blocks }) => blocks)) return { parts: [], losses: lossesOf(losses) };

  const actions = activity.suggestedActions?.actions ?? [];
  const tappable = actions.length <= limits.quickReplies && actions.every(({ type }) => type !== 'openUrl');
  if (!tappable) {
    const list = listOfActions(actions, 'quick replies');
    texts.push(list.text);
    losses.push(...list.losses);
  }
  const replies = (tappable ? actions : []).map(({ title, value }) => ({
    title: clip(title, { max: limits.quickReplyTitle, unit: 'graphemes' }),
    value,
  }));
  const pieces = splitText(joinLines(texts), { max: limits.text, unit: 'utf16' }).filter(
    (piece) => piece.trim() !== '',
  );
  if (pieces.length > 1) losses.push({ code: 'text-split', values: { parts: pieces.length } });
  if (pieces.length === 0 && files.length === 0) {
    return { parts: [], losses: [{ code: 'nothing-to-send', blocks: true }] };
  }
  const messages = (pieces.length === 0 ? [undefined] : pieces).map((text): Message => {
    const message: Message = { type: 'message', conversation };
    if (text !== undefined) message.text = text;
    if (activity.from.name !== undefined) message.from = activity.from.name;
    return message;
  });
  const [first, last] = [messages[0], messages.at(-1)];
  if (first !== undefined && activity.target !== undefined) first.quotes = activity.target;
  if (last !== undefined && files.length > 0) last.files = files;
  if (last !== undefined && replies.length > 0) last.replies = replies;
  return { parts: messages.map((message, index) => part(message, context, index)), losses: lossesOf(losses) };
}

/** The body is made here, once: what is signed and sent on a second attempt are the same bytes. */
function part(request: Request, context: Context, index: number): Part {
  const text = request.type === 'message' ? request.text : undefined;
  const kind = request.type !== 'message' ? 'other' : text === undefined ? 'file' : 'text';
  return {
    request: { body: JSON.stringify(request) },
    key: context.key(index),
    shows: text === undefined ? { kind } : { kind, text },
  };
}
