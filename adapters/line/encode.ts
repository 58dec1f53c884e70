import {
  type Attachment,
  type Card,
  type EncodeContext,
  factTypes,
  type Location,
  type Loss,
  type OutboundActivity,
  type Part,
  type Prepared,
} from '../contract/index.ts';
import {
  asString,
  clip,
  factText,
  joinLines,
  listOfActions,
  lossesOf,
  plainText,
  recordOf,
  splitText,
} from '../kit/index.ts';
import type { LineSettings } from './config.ts';
import { quickReplyOf } from './encode-actions.ts';
import { encodeCards } from './encode-cards.ts';
import { encodeFile } from './encode-files.ts';
import { type Address, type LineMessage, type LineRequest, limits, replyTokenLifetime } from './platform.ts';

type Context = EncodeContext<LineSettings>;

/**
 * A message as requests of up to five message objects. The first request of one that is prepared while a reply token is
 * fresh may be a reply, which costs nothing: LINE has no key for those, so that part has none, and an unknown outcome
 * stays unknown. All others are pushes with a retry key.
 */
export function prepare(activity: OutboundActivity, context: Context): Prepared {
  if (activity.type === 'messageReaction') return { parts: [], losses: [{ code: 'reaction-dropped', blocks: true }] };
  if (activity.type === 'messageDelete') {
    return { parts: [], losses: [{ code: 'deletion-not-possible', blocks: true }] };
  }
  const { messages, losses } = encodeMessages(activity, context);
  if (losses.some(({ blocks }) => blocks === true)) return { parts: [], losses: lossesOf(losses) };
  if (messages.length === 0) return { parts: [], losses: [{ code: 'nothing-to-send', blocks: true }] };
  const replies = hasFreshReply(context);
  const parts: Part[] = [];
  for (let start = 0; start < messages.length; start += limits.messages) {
    const index = parts.length;
    parts.push(partOf(messages.slice(start, start + limits.messages), context.key(index), replies && index === 0));
  }
  return { parts, losses: lossesOf(losses) };
}

/** Whether the last event's reply token is young enough to be tried. */
function hasFreshReply({ conversation, now }: Context): boolean {
  const { reply } = conversation.address as Address;
  return reply !== undefined && now - reply.at < replyTokenLifetime;
}

function partOf(messages: readonly LineMessage[], key: string, replies: boolean): Part {
  const request: LineRequest = { messages: JSON.stringify(messages), retryKey: key };
  const shows = showsOf(messages);
  return replies ? { request: { ...request, reply: true } satisfies LineRequest, shows } : { request, key, shows };
}

const kinds = {
  text: 'text',
  image: 'image',
  video: 'video',
  audio: 'audio',
  location: 'other',
  template: 'card',
  flex: 'card',
} as const satisfies Record<LineMessage['type'], Part['shows']['kind']>;

function showsOf(messages: readonly LineMessage[]): Part['shows'] {
  const text = joinLines(
    messages.map((message) => {
      if (message.type === 'text') return message.text;
      return 'altText' in message ? message.altText : undefined;
    }),
  );
  const kind = kinds[messages[0]?.type ?? 'text'];
  return text === '' ? { kind } : { kind, text };
}

function encodeMessages(activity: OutboundActivity, context: Context): { messages: LineMessage[]; losses: Loss[] } {
  const words = plainText(activity);
  const losses: Loss[] = [...words.losses];
  const actions = activity.suggestedActions?.actions ?? [];
  const attachments = activity.attachments ?? [];
  const said = words.text.trim() === '' ? '' : words.text;
  // Quick replies hang on a message; without one they are the message.
  const quickReply = said === '' && attachments.length === 0 ? undefined : quickReplyOf(actions);
  const list = listOfActions(quickReply === undefined ? actions : [], 'quick replies');
  losses.push(...list.losses);
  const messages = textMessages(list.text === '' ? said : joinLines([said, list.text]), losses);

  const [first] = messages;
  if (activity.target !== undefined) {
    const quoteToken = asString(recordOf(activity.targetData).quoteToken);
    if (quoteToken !== undefined && first?.type === 'text') first.quoteToken = quoteToken;
    else losses.push({ code: 'quote-dropped' });
  }
  const before = messages.length;
  for (const run of runsOf(attachments)) messages.push(...encodeRun(run, context, losses));
  const files = attachments.some(({ contentUrl }) => contentUrl !== undefined);
  if (before > 0 && files && messages.length > before) losses.push({ code: 'caption-apart' });

  const last = messages.at(-1);
  if (last !== undefined && quickReply !== undefined) last.quickReply = quickReply;
  return { messages, losses };
}

function textMessages(text: string, losses: Loss[]): LineMessage[] {
  if (text.trim() === '') return [];
  const pieces = splitText(text, { max: limits.text, unit: 'utf16' });
  if (pieces.length > 1) losses.push({ code: 'text-split', values: { parts: pieces.length } });
  return pieces.map((piece) => ({ type: 'text', text: piece }));
}

/** Attachments in order, cards that follow one another together. */
function runsOf(attachments: readonly Attachment[]): (Attachment | Card[])[] {
  const runs: (Attachment | Card[])[] = [];
  for (const attachment of attachments) {
    const last = runs.at(-1);
    if (attachment.contentType !== factTypes.card) runs.push(attachment);
    else if (Array.isArray(last)) last.push(attachment.content as Card);
    else runs.push([attachment.content as Card]);
  }
  return runs;
}

function encodeRun(run: Attachment | Card[], context: Context, losses: Loss[]): LineMessage[] {
  if (Array.isArray(run)) {
    const cards = encodeCards(run, context.link);
    losses.push(...cards.losses);
    return [...cards.messages, ...cards.texts.flatMap((text) => textMessages(text, losses))];
  }
  if (run.contentType === factTypes.location) return [locationOf(run.content as Location)];
  const fact = factText(run);
  if (fact !== undefined) {
    losses.push(...fact.losses);
    return textMessages(fact.text, losses);
  }
  const file = encodeFile(run, context.settings, context.link);
  losses.push(...file.losses);
  return file.message === undefined ? textMessages(file.text ?? '', losses) : [file.message];
}

/** LINE wants a title and an address: what is not known is said by the degrees. */
function locationOf({ latitude, longitude, name, address }: Location): LineMessage {
  const degrees = `${latitude}, ${longitude}`;
  const line = (text: string | undefined) =>
    clip((text ?? '').trim() || degrees, { max: limits.locationText, unit: 'utf16' });
  return { type: 'location', title: line(name ?? address), address: line(address), latitude, longitude };
}
