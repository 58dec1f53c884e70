import type { Limit, Loss, SuggestedAction } from '../contract/index.ts';
import { clip, fits, joinLines, listOfActions, splitText } from '../kit/index.ts';
import { customerMessage, type Piece, type WechatContext } from './encode-parts.ts';
import { quickReplyLimits, textLimit } from './platform.ts';

/**
 * Words with the quick replies that go with them: those that answer as a menu message, those that open as links.
 * `last`: the choices must end the message. Pure.
 */
export function encodeWords(
  words: readonly string[],
  actions: readonly SuggestedAction[],
  context: WechatContext,
): Piece & { last: boolean } {
  const links = joinLines(
    actions.filter(({ type }) => type === 'openUrl').map(({ title, value }) => anchor(title, value)),
  );
  const replies = actions.filter(({ type }) => type !== 'openUrl');
  if (replies.length > quickReplyLimits.max) {
    const list = listOfActions(replies, 'quick replies');
    const piece = encodeTexts(joinBlocks([...words, list.text, links]), context);
    return { ...piece, losses: [...list.losses, ...(piece.losses ?? [])], last: false };
  }
  const all = joinBlocks([...words, links]);
  if (replies.length === 0) return { ...encodeTexts(all, context), last: false };
  return { ...encodeMenu(all, replies, context), last: true };
}

/** Blocks of a text, one empty line between. */
function joinBlocks(blocks: readonly string[]): string {
  return blocks.filter((block) => block.trim() !== '').join('\n\n');
}

/** The pieces a text is sent in. Half surrogates would go out escaped, which WeChat refuses (40033). */
function piecesOf(text: string, limit: Limit = textLimit): string[] {
  return splitText(text.toWellFormed(), limit).filter((piece) => piece.trim() !== '');
}

function split(count: number): Loss[] {
  return count > 1 ? [{ code: 'text-split', values: { parts: count } }] : [];
}

function textMessage(content: string, context: WechatContext) {
  return customerMessage(context, 'text', { content }, { kind: 'text', text: content });
}

function encodeTexts(text: string, context: WechatContext): Piece {
  const pieces = piecesOf(text);
  return { parts: pieces.map((piece) => textMessage(piece, context)), losses: split(pieces.length) };
}

/**
 * A menu message: words, and choices to tap. A tap comes back as a text with the choice's id, which is the reply's
 * value. Words for which there is no room beside the choices go before it as texts. Pure.
 */
export function encodeMenu(
  words: string,
  replies: readonly { title: string; value: string }[],
  context: WechatContext,
): Piece {
  const { title: limit } = quickReplyLimits;
  const losses: Loss[] = [];
  const list = replies.map(({ title, value }) => {
    if (!fits(title, limit))
      losses.push({ code: 'text-too-long', values: { ...limit, length: Buffer.byteLength(title) } });
    return { id: value.toWellFormed(), content: clip(title.toWellFormed(), limit) };
  });
  const choices = joinLines(list.map(({ content }) => `[${content}]`));
  const room = textLimit.max - Buffer.byteLength(`\n${choices}`);
  const pieces = piecesOf(words, { max: room, unit: 'bytes' });
  losses.push(...split(pieces.length));
  const head = pieces.pop();
  const menu = head === undefined ? { list } : { head_content: head, list };
  const message = customerMessage(context, 'msgmenu', menu, { kind: 'text', text: joinLines([head, choices]) });
  return { parts: [...pieces.map((piece) => textMessage(piece, context)), message], losses };
}

/** A link with words of its own (from memory, unchecked: shown as such in texts); else title and address. Pure. */
export function anchor(title: string, url: string): string {
  const address = URL.canParse(url) ? new URL(url).href : '';
  if (!/^https?:\/\/[^"<>\s]+$/.test(address)) return `${title}: ${url}`;
  return `<a href="${address}">${title.replace(/[<>]/g, '')}</a>`;
}
