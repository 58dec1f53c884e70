import type { Card, CardAction, Loss } from '../contract/index.ts';
import { cardText, clip, fits, joinLines, listOfActions, pictureOf } from '../kit/index.ts';
import { actionOf } from './encode-actions.ts';
import {
  type CarouselColumn,
  type FlexBubble,
  type FlexComponent,
  type LineAction,
  type LineMessage,
  limits,
} from './platform.ts';

/** What a run of cards becomes. Text is for cards that not even a flex message holds. */
export interface EncodedCards {
  messages: LineMessage[];
  texts: string[];
  losses: Loss[];
}

interface ReadCard {
  title: string;
  text: string;
  image?: string;
  actions: LineAction[];
  /** Buttons LINE cannot carry, as a list. */
  list: string;
}

/**
 * Cards one after the other: a confirm or buttons template for one and a carousel template for several where their
 * limits allow, else flex messages, which hold nearly anything. `link` gives the address of a picture; without one the
 * message is blocked.
 */
export function encodeCards(cards: readonly Card[], link: (mediaId: string) => string | undefined): EncodedCards {
  const losses: Loss[] = [];
  const read = cards.flatMap((card) => readCard(card, link, losses) ?? []);
  if (read.length === 0) return { messages: [], texts: [], losses };
  const template = templateOf(read);
  if (template !== undefined) return { messages: [template], texts: [], losses };
  const bubbles = read.map(bubbleOf);
  if (read.length > 1 && read.length <= limits.flex.bubbles) {
    const carousel = flexOf(read, { type: 'carousel', contents: bubbles });
    if (isSmall(carousel)) return { messages: [carousel], texts: [], losses };
  }
  const messages: LineMessage[] = [];
  const texts: string[] = [];
  for (const [index, bubble] of bubbles.entries()) {
    const one = flexOf(read.slice(index, index + 1), bubble);
    if (isSmall(one)) messages.push(one);
    else {
      const text = cardText(cards[index] ?? {});
      texts.push(text.text);
      losses.push(...text.losses);
    }
  }
  return { messages, texts, losses };
}

/** A card's parts, or undefined when it says nothing. */
function readCard(card: Card, link: (mediaId: string) => string | undefined, losses: Loss[]): ReadCard | undefined {
  const mediaId = pictureOf(card);
  const image = mediaId === undefined ? undefined : link(mediaId);
  if (mediaId !== undefined && image === undefined) losses.push({ code: 'no-public-address', blocks: true });
  const actions: LineAction[] = [];
  const others: CardAction[] = [];
  for (const button of card.buttons ?? []) {
    const action = actionOf(button);
    if (action === undefined) others.push(button);
    else actions.push(action);
  }
  const list = listOfActions(others, 'buttons');
  losses.push(...list.losses);
  const title = (card.title ?? '').trim();
  const text = joinLines([card.subtitle, card.text]).trim();
  if (title === '' && text === '' && image === undefined && actions.length === 0 && list.text === '') return undefined;
  return { title, text, actions, list: list.text, ...(image === undefined ? {} : { image }) };
}

function templateOf(cards: readonly ReadCard[]): LineMessage | undefined {
  const [only] = cards;
  if (only === undefined || cards.some(({ list, actions }) => list !== '' || actions.length === 0)) return undefined;
  const altText = altTextOf(cards);
  if (cards.length > 1) {
    const columns = columnsOf(cards);
    return columns === undefined ? undefined : { type: 'template', altText, template: { type: 'carousel', columns } };
  }
  const words = joinLines([only.title, only.text]);
  const confirm = limits.confirm;
  if (
    only.image === undefined &&
    only.actions.length === confirm.actions &&
    within(words, confirm.text) &&
    words !== ''
  ) {
    // Without picture two answers look best side by side.
    return { type: 'template', altText, template: { type: 'confirm', text: words, actions: only.actions } };
  }
  const column = columnOf(only, limits.buttons);
  return column === undefined ? undefined : { type: 'template', altText, template: { type: 'buttons', ...column } };
}

/** LINE refuses carousels whose columns differ in what they have. */
function columnsOf(cards: readonly ReadCard[]): CarouselColumn[] | undefined {
  if (cards.length > limits.carousel.columns) return undefined;
  const columns: CarouselColumn[] = [];
  for (const card of cards) {
    const column = columnOf(card, limits.carousel);
    const first = columns[0] ?? column;
    if (column === undefined || first === undefined) return undefined;
    const alike =
      column.actions.length === first.actions.length &&
      (column.title === undefined) === (first.title === undefined) &&
      (column.thumbnailImageUrl === undefined) === (first.thumbnailImageUrl === undefined);
    if (!alike) return undefined;
    columns.push(column);
  }
  return columns;
}

function columnOf(
  { title, text, image, actions }: ReadCard,
  limit: { actions: number; title: number; text: number; textWithMore: number },
): CarouselColumn | undefined {
  // The text is what a template cannot do without.
  const [heading, words] = text === '' ? ['', title] : [title, text];
  const room = heading === '' && image === undefined ? limit.text : limit.textWithMore;
  if (words === '' || !within(words, room) || !within(heading, limit.title)) return undefined;
  if (actions.length === 0 || actions.length > limit.actions) return undefined;
  return {
    ...(image === undefined ? {} : { thumbnailImageUrl: image }),
    ...(heading === '' ? {} : { title: heading }),
    text: words,
    actions,
  };
}

function bubbleOf({ title, text, image, actions, list }: ReadCard): FlexBubble {
  const bubble: FlexBubble = { type: 'bubble' };
  if (image !== undefined) {
    bubble.hero = { type: 'image', url: image, size: 'full', aspectRatio: '20:13', aspectMode: 'cover' };
  }
  const body: FlexComponent[] = [];
  if (title !== '') body.push({ type: 'text', text: title, weight: 'bold', size: 'lg', wrap: true });
  for (const words of [text, list]) if (words !== '') body.push({ type: 'text', text: words, size: 'sm', wrap: true });
  if (body.length > 0) bubble.body = { type: 'box', layout: 'vertical', spacing: 'md', contents: body };
  const buttons = actions.map((action) => ({ type: 'button', style: 'link', height: 'sm', action }));
  if (buttons.length > 0) bubble.footer = { type: 'box', layout: 'vertical', contents: buttons };
  return bubble;
}

function flexOf(cards: readonly ReadCard[], contents: Extract<LineMessage, { type: 'flex' }>['contents']): LineMessage {
  return { type: 'flex', altText: altTextOf(cards), contents };
}

/** What chat lists and notifications show in place of the cards. */
function altTextOf(cards: readonly ReadCard[]): string {
  const words = cards
    .map(({ title, text, actions, list }) => title || text || actions[0]?.label || list)
    .filter(Boolean);
  return clip(words.join(', ') || 'Picture', { max: limits.altText, unit: 'utf16' });
}

function isSmall(message: LineMessage): boolean {
  return Buffer.byteLength(JSON.stringify(message)) <= limits.flex.bytes;
}

function within(text: string, max: number): boolean {
  return fits(text, { max, unit: 'graphemes' });
}
