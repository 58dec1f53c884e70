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
  type SuggestedAction,
} from '../contract/index.ts';
import {
  cardText,
  type Degraded,
  factText,
  fileAsLink,
  joinLines,
  listOfActions,
  lossesOf,
  pictureOf,
  plainText,
} from '../kit/degrade.ts';
import { fits, splitText } from '../kit/text-split.ts';
import { codecOf } from './codecs/index.ts';
import type { RcsSettings } from './config.ts';
import { fileOf, sourceOf } from './encode-file.ts';
import { suggestionsOf } from './encode-suggestions.ts';
import { toGcj02, toWgs84 } from './geo.ts';
import type { Address, Limits, OutCard, Outgoing, Suggestion } from './model.ts';

/** What a message is being taken apart with. */
interface Work {
  context: EncodeContext<RcsSettings>;
  limits: Limits;
  messages: Outgoing[];
  losses: Loss[];
}

/**
 * A message as RCS takes it: words first, then each file, place and card (several cards in a row: a carousel) as a
 * message of its own; chips stand below the last one. Pure.
 */
export function prepare(activity: OutboundActivity, context: EncodeContext<RcsSettings>): Prepared {
  const codec = codecOf(context.settings);
  const { conversation } = context;
  if (conversation.closed !== undefined) return nothing('conversation-closed', { closed: conversation.closed });
  const address = conversation.address as Address;
  const scope = (part: number) => ({ address, conversation, key: context.key(part), firstKey: context.key(0) });
  if (activity.type === 'messageReaction') return nothing('reaction-dropped');
  if (activity.type === 'messageDelete') {
    if (activity.target === undefined) return nothing('deletion-not-possible');
    return { parts: [codec.revoke(activity.target, scope(0))], losses: [] };
  }
  if (activity.type !== 'message') return nothing('nothing-to-send');
  const work: Work = { context, limits: codec.limits, messages: [], losses: [] };
  collect(work, activity);
  if (activity.target !== undefined) work.losses.push({ code: 'quote-dropped' });
  if (work.messages.length === 0 && !work.losses.some(({ blocks }) => blocks === true)) {
    work.losses.push({ code: 'nothing-to-send', blocks: true });
  }
  const losses = lossesOf(work.losses);
  if (losses.some(({ blocks }) => blocks === true)) return { parts: [], losses };
  const parts: Part[] = work.messages.map((message, index) => codec.encode(message, scope(index)));
  return { parts, losses };
}

function nothing(code: Loss['code'], values?: NonNullable<Loss['values']>): Prepared {
  return { parts: [], losses: [{ code, blocks: true, ...(values === undefined ? {} : { values }) }] };
}

function collect(work: Work, activity: OutboundActivity): void {
  const texts: string[] = [];
  const words = ({ text, losses }: Degraded) => {
    texts.push(text);
    work.losses.push(...losses);
  };
  words(plainText(activity));
  const others: Outgoing[] = [];
  const attachments = activity.attachments ?? [];
  for (let at = 0; at < attachments.length; at += 1) {
    const cards = cardsFrom(work, attachments, at);
    if (cards !== undefined) {
      others.push({ kind: 'cards', cards, suggestions: [] });
      at += cards.length - 1;
      continue;
    }
    const attachment = attachments[at] as Attachment;
    const message = messageOf(work, attachment);
    if (message !== undefined) others.push(message);
    else words(asWords(work, attachment));
  }
  const chips = chipsOf(work, activity.suggestedActions?.actions ?? [], words);
  const pieces = textsOf(work, texts);
  if (pieces.length > 0 && others.some(({ kind }) => kind === 'file')) work.losses.push({ code: 'caption-apart' });
  work.messages.push(...pieces, ...others);
  const last = work.messages.at(-1);
  if (last !== undefined) last.suggestions.push(...chips);
}

/** Chips, or words where they do not fit. */
function chipsOf(work: Work, actions: readonly SuggestedAction[], words: (said: Degraded) => void): Suggestion[] {
  const chips = suggestionsOf(actions, work.limits, work.limits.suggestions);
  if (chips !== undefined) return chips;
  words(listOfActions(actions, 'quick replies'));
  return [];
}

function textsOf(work: Work, texts: readonly string[]): Outgoing[] {
  const pieces = splitText(joinLines(texts), work.limits.text).filter((piece) => piece.trim() !== '');
  if (pieces.length > 1) work.losses.push({ code: 'text-split', values: { parts: pieces.length } });
  return pieces.map((text) => ({ kind: 'text', text, suggestions: [] }));
}

/** The cards in a row that begin at `start`, as many as one carousel holds; undefined when there stands none. */
function cardsFrom(work: Work, attachments: readonly Attachment[], start: number): OutCard[] | undefined {
  const cards: OutCard[] = [];
  for (const attachment of attachments.slice(start, start + work.limits.carousel)) {
    const card = attachment.contentType === factTypes.card ? cardOf(work, attachment.content as Card) : undefined;
    if (card === undefined) break;
    cards.push(card);
  }
  return cards.length === 0 ? undefined : cards;
}

/** A card within the limits; undefined when it must go as words. */
function cardOf({ context, limits }: Work, card: Card): OutCard | undefined {
  const title = card.title?.trim() ?? '';
  const text = joinLines([card.subtitle, card.text]);
  const buttons = suggestionsOf(card.buttons ?? [], limits, limits.card.buttons);
  if (buttons === undefined || !fits(title, limits.card.title) || !fits(text, limits.card.text)) return undefined;
  const mediaId = pictureOf(card);
  const picture = mediaId === undefined ? undefined : sourceOf(context, limits, mediaId, 'image');
  if ((mediaId !== undefined && picture === undefined) || (title === '' && text === '' && picture === undefined)) {
    return undefined;
  }
  return {
    ...(title === '' ? {} : { title }),
    ...(text === '' ? {} : { text }),
    ...(picture === undefined ? {} : { picture }),
    buttons,
  };
}

/** A place or a file as a message of its own; undefined for what becomes words. */
function messageOf(work: Work, attachment: Attachment): Outgoing | undefined {
  if (attachment.contentType === factTypes.location) return placeOf(work, attachment.content as Location);
  if (Object.values<string>(factTypes).includes(attachment.contentType)) return undefined;
  const found = fileOf(work.context, work.limits, attachment);
  if (found === undefined) return undefined;
  work.losses.push(...found.losses);
  return { kind: 'file', file: found.file, suggestions: [] };
}

function placeOf({ limits, losses }: Work, place: Location): Outgoing {
  const { latitude, longitude, name, address, datum } = place;
  const { datum: wanted, asLink } = limits.location;
  const chinese = datum === 'gcj02';
  const there =
    chinese === (wanted === 'gcj02') ? { latitude, longitude } : (chinese ? toWgs84 : toGcj02)(latitude, longitude);
  if (asLink) losses.push({ code: 'location-as-link' });
  const label = joinLines([name, address]).replaceAll('\n', ', ');
  return { kind: 'location', ...there, ...(label === '' ? {} : { name: label }), suggestions: [] };
}

function asWords({ context }: Work, attachment: Attachment): Degraded {
  if (attachment.contentType !== factTypes.card) return factText(attachment) ?? fileAsLink(attachment, context.link);
  const words = cardText(attachment.content as Card);
  const mediaId = pictureOf(attachment.content as Card);
  const url = mediaId === undefined ? undefined : context.link(mediaId);
  return url === undefined ? words : { ...words, text: joinLines([words.text, url]) };
}
