import { type Fields, fieldsOf, isObject, jsonOf, listOf, textOf } from '../../phone/checks.ts';
import type { ShownButton, ShownCard, ShownFile, ShownMessage } from '../../phone/model.ts';
import { partsOf } from './multipart.ts';
import { fromXml } from './xml.ts';

/** A file of the company by its address; undefined when the platform does not have it, or not audited it yet. */
export type FileAt = (address: string) => ShownFile | undefined;

type Shown = Omit<ShownMessage, 'id' | 'by' | 'at'>;
/** What a message shows, or the part of it that is wrong, or the file that did not pass. */
export type Read = Shown | { problem: string } | { unaudited: string };

/** Source: GSMA RCC.07, chatbot message content types. */
export const types = {
  text: 'text/plain',
  file: 'application/vnd.gsma.rcs-ft-http+xml',
  card: 'application/vnd.gsma.botmessage.v1.0+json',
  chips: 'application/vnd.gsma.botsuggestion.v1.0+json',
  multipart: 'multipart/mixed',
} as const;

/** Limits in characters. Source: GSMA RCC.07, rich cards and suggested chip lists. */
const most = { chip: 25, chips: 11, title: 200, description: 2_000, buttons: 4, cards: 12, postback: 2_048 };

/** What the app shows of a content, strictly read. */
export function readContent(contentType: string, body: string, fileAt: FileAt): Read {
  const [bare = ''] = contentType.toLowerCase().split(';', 1);
  switch (bare.trim()) {
    case types.text:
      return body === '' ? { problem: 'bodyText' } : textOrPlace(body);
    case types.file:
      return readFile(body, fileAt);
    case types.card:
      return readCards(body, fileAt);
    case types.multipart:
      return readParts(contentType, body, fileAt);
    default:
      return { problem: 'contentType' };
  }
}

function readParts(contentType: string, body: string, fileAt: FileAt): Read {
  const parts = partsOf(contentType, body);
  if ('problem' in parts) return { problem: `bodyText (${parts.problem})` };
  const [content, chips, ...more] = parts;
  if (content === undefined || chips === undefined || more.length > 0) return { problem: 'bodyText (parts)' };
  const shown = readContent(content.contentType, content.body, fileAt);
  if ('problem' in shown || 'unaudited' in shown) return shown;
  if (!chips.contentType.toLowerCase().startsWith(types.chips)) return { problem: 'bodyText (chips)' };
  const buttons = buttonsOf(fieldsOf(jsonOf(Buffer.from(chips.body))).suggestions, 's', most.chips);
  return buttons === undefined ? { problem: 'suggestions' } : { ...shown, quickReplies: buttons };
}

/** A place is a text: `geo:latitude,longitude;crs=gcj02;…`. */
function textOrPlace(text: string): Shown {
  const [, latitude, longitude, rest = ''] = /^geo:(-?[\d.]+),(-?[\d.]+)(;.*)?$/.exec(text) ?? [];
  if (latitude === undefined || longitude === undefined) return { text };
  const [, label] = /;rcs-l=([^;]+)/.exec(rest) ?? [];
  const name = label === undefined ? {} : { name: decodeURIComponent(label) };
  return { place: { latitude: Number(latitude), longitude: Number(longitude), ...name } };
}

function readFile(body: string, fileAt: FileAt): Read {
  const infos = listOf([fieldsOf(fromXml(body)?.file)['file-info']].flat()).map(fieldsOf);
  const info = infos.find((given) => given['@type'] === 'file');
  const address = textOf(fieldsOf(info?.data)['@url']);
  if (info === undefined || address === undefined) return { problem: 'file-info' };
  if (!/^\d+$/.test(String(info['file-size'])) || textOf(info['content-type']) === undefined) {
    return { problem: 'file-info' };
  }
  const file = fileAt(address);
  return file === undefined ? { unaudited: address } : { file };
}

function readCards(body: string, fileAt: FileAt): Read {
  const { message } = fieldsOf(jsonOf(Buffer.from(body)));
  const { generalPurposeCard: single, generalPurposeCardCarousel: carousel } = fieldsOf(message);
  if (isObject(single) === isObject(carousel)) return { problem: 'message' };
  const layout = fieldsOf(fieldsOf(single ?? carousel).layout);
  const contents = isObject(single) ? [single.content] : listOf(fieldsOf(carousel).content);
  if (isObject(carousel)) {
    if (contents.length < 2 || contents.length > most.cards) return { problem: 'content' };
    if (!['SMALL_WIDTH', 'MEDIUM_WIDTH'].includes(String(layout.cardWidth))) return { problem: 'cardWidth' };
  } else if (!['VERTICAL', 'HORIZONTAL'].includes(String(layout.cardOrientation))) {
    return { problem: 'cardOrientation' };
  }
  const cards: ShownCard[] = [];
  for (const [index, content] of contents.entries()) {
    const card = readCard(fieldsOf(content), index, fileAt);
    if ('problem' in card || 'unaudited' in card) return card;
    cards.push(card);
  }
  return { cards };
}

function readCard(
  content: Fields,
  index: number,
  fileAt: FileAt,
): ShownCard | { problem: string } | { unaudited: string } {
  const { media, suggestions } = content;
  const [title, text] = [textOf(content.title), textOf(content.description)];
  if (title === undefined && text === undefined && media === undefined) return { problem: 'content' };
  if ([...(title ?? '')].length > most.title) return { problem: 'title' };
  if ([...(text ?? '')].length > most.description) return { problem: 'description' };
  const buttons = suggestions === undefined ? [] : buttonsOf(suggestions, `c${index}s`, most.buttons);
  if (buttons === undefined) return { problem: 'suggestions' };
  const card = { ...(title && { title }), ...(text && { text }), buttons };
  if (media === undefined) return card;
  const { mediaUrl, mediaContentType, mediaFileSize, height } = fieldsOf(media);
  if (!/^(SHORT|MEDIUM|TALL)_HEIGHT$/.test(String(height))) return { problem: 'height' };
  if (textOf(mediaContentType) === undefined || typeof mediaFileSize !== 'number') return { problem: 'media' };
  const image = fileAt(String(mediaUrl));
  return image === undefined ? { unaudited: String(mediaUrl) } : { ...card, image };
}

/** Suggestions as things to tap; undefined when one of them is wrong. */
function buttonsOf(value: unknown, prefix: string, count: number): ShownButton[] | undefined {
  const list = listOf(value);
  if (list.length < 1 || list.length > count) return undefined;
  const buttons = list.map((item, index) => buttonOf(fieldsOf(item), `${prefix}${index}`));
  return buttons.every((button) => button !== undefined) ? buttons : undefined;
}

/** What a tap tells the chatbot. */
export interface Response {
  kind: 'reply' | 'action';
  displayText: string;
  data?: string;
}

function buttonOf({ reply, action }: Fields, id: string): ShownButton | undefined {
  const kind = reply === undefined ? 'action' : 'reply';
  const content = fieldsOf(reply ?? action);
  const title = textOf(content.displayText);
  const data = textOf(fieldsOf(content.postback).data);
  if (title === undefined || [...title].length > most.chip || (data ?? '').length > most.postback) return undefined;
  if (kind === 'reply' && data === undefined) return undefined;
  const value: Response = { kind, displayText: title, ...(data === undefined ? {} : { data }) };
  if (kind === 'reply') return { id, title, does: 'answer', value };
  const url = fieldsOf(fieldsOf(content.urlAction).openUrl).url;
  if (url !== undefined)
    return URL.canParse(String(url)) ? { id, title, does: 'open', url: String(url), value } : undefined;
  const number = fieldsOf(fieldsOf(content.dialerAction).dialPhoneNumber).phoneNumber;
  if (number !== undefined) return { id, title, does: 'call', url: `tel:${String(number)}`, value };
  const asks = fieldsOf(content.mapAction).requestLocationPush !== undefined;
  const known = ['mapAction', 'calendarAction', 'composeAction', 'deviceAction', 'settingsAction'];
  if (!known.some((name) => isObject(content[name]))) return undefined;
  return { id, title, does: asks ? 'location' : 'nothing', value };
}
