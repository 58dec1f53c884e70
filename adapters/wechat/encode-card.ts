import type { Card, CardAction, Loss } from '../contract/index.ts';
import { clip, fits, joinLines, pictureOf } from '../kit/index.ts';
import { encodePicture } from './encode-file.ts';
import { customerMessage, type Piece, type WechatContext } from './encode-parts.ts';
import { anchor, encodeMenu } from './encode-words.ts';
import { articleLimits, quickReplyLimits } from './platform.ts';

/**
 * A card. One that opens an address is an article (WeChat takes one a message); one with answers to tap a menu
 * message, one with neither words, each after its picture. Pure.
 */
export function encodeCard(card: Card, context: WechatContext): Piece {
  const buttons = card.buttons ?? [];
  const replies = buttons.filter(({ type }) => type === 'imBack' || type === 'postBack');
  const links = buttons.filter(({ type }) => type === 'openUrl' || type === 'call');
  const [first, ...others] = links;
  if (replies.length === 0 && first?.type === 'openUrl') return encodeArticle(card, first, others, context);
  const words = joinLines([card.title, card.subtitle, card.text]);
  const lines = links.map(({ type, title, value }) => (type === 'call' ? `${title}: ${value}` : anchor(title, value)));
  const mediaId = pictureOf(card);
  const picture = mediaId === undefined ? [] : [encodePicture(mediaId, card.title ?? '', context)];
  const losses: Loss[] = [{ code: 'card-as-text' }];
  if (replies.length === 0) return { words: joinLines([words, ...lines]), parts: picture, losses };
  const [shown, left] = [replies.slice(0, quickReplyLimits.max), replies.slice(quickReplyLimits.max)];
  if (left.length > 0) losses.push({ code: 'buttons-as-list', values: { what: 'buttons' } });
  const all = joinLines([words, ...left.map(({ title }) => title), ...lines]);
  const menu = encodeMenu(all, shown, context);
  return { parts: [...picture, ...(menu.parts ?? [])], losses: [...losses, ...(menu.losses ?? [])] };
}

function encodeArticle(card: Card, first: CardAction, others: readonly CardAction[], context: WechatContext): Piece {
  const losses: Loss[] = [];
  const shorten = (text: string, limit: { max: number; unit: 'graphemes' }) => {
    if (!fits(text, limit)) losses.push({ code: 'text-too-long', values: { ...limit, length: text.length } });
    return clip(text.toWellFormed(), limit);
  };
  const mediaId = pictureOf(card);
  const picture = mediaId === undefined ? undefined : context.link(mediaId);
  if (mediaId !== undefined && picture === undefined) losses.push({ code: 'no-public-address' });
  if (others.length > 0) losses.push({ code: 'buttons-as-list', values: { what: 'buttons' } });
  const title = shorten(card.title ?? first.title, articleLimits.title);
  const about = shorten(joinLines([card.subtitle, card.text]), articleLimits.text);
  const article = {
    title,
    description: about,
    url: first.value,
    ...(picture === undefined ? {} : { picurl: picture }),
  };
  const shows = { kind: 'card', text: joinLines([title, about, first.value]) } as const;
  return {
    // An article has one address: further ones follow among the words.
    words: joinLines(others.map((other) => `${other.title}: ${other.value}`)),
    parts: [customerMessage(context, 'news', { articles: [article] }, shows)],
    losses,
  };
}
