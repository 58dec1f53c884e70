import { type Card, type CardAction, factTypes, type InboundAttachment } from '../contract/index.ts';
import { asArray, asNumber, asRecord, asString, type UnknownRecord } from '../kit/inbound.ts';

/** What the attachments of a message become. */
export interface Attachments {
  attachments: InboundAttachment[];
  /** Words for what cannot be shown otherwise. */
  texts: string[];
  /** Something of them is not in the activity: the platform's own form is kept beside it. */
  raw: boolean;
}

/** A pasted message of Meta's holds fewer; more are cut off. */
const most = 10;

export function attachmentsOf(items: readonly unknown[], message: UnknownRecord): Attachments {
  const found: Attachments = { attachments: [], texts: [], raw: items.length > most };
  for (const item of items) {
    const one = asRecord(item);
    if (one === undefined) found.raw = true;
    else add(found, one, message);
  }
  found.attachments.length = Math.min(found.attachments.length, most);
  return found;
}

function add(found: Attachments, one: UnknownRecord, message: UnknownRecord): void {
  const type = asString(one.type) ?? 'unknown';
  const payload = asRecord(one.payload) ?? {};
  const url = httpUrl(payload.url) ?? httpUrl(one.url);
  const stickerId = asString(payload.sticker_id) ?? (type === 'image' ? asString(message.sticker_id) : undefined);
  if (type === 'sticker' || stickerId !== undefined) sticker(found, stickerId, url);
  else if (type === 'location') place(found, one, payload);
  else if (type === 'template' || asArray(payload.elements).length > 0) template(found, payload);
  else if (url !== undefined) fromAddress(found, type, url, one, payload);
  else if (type === 'fallback')
    found.texts.push(asString(one.title) ?? asString(payload.title) ?? '[A link without address]');
  else described(found, type);
}

/** Types before the file is fetched; the media cache finds the truth from the bytes. */
const files: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    image: 'image/jpeg',
    animated_image: 'image/gif',
    video: 'video/mp4',
    audio: 'audio/mp4',
    file: 'application/octet-stream',
    story_mention: 'image/jpeg',
  }),
);

function fromAddress(found: Attachments, type: string, url: string, one: UnknownRecord, payload: UnknownRecord): void {
  const contentType = files.get(type);
  if (contentType === undefined) {
    const title = asString(one.title) ?? asString(payload.title);
    found.attachments.push({
      contentType: factTypes.link,
      content: { url, ...(title === undefined ? {} : { title }) },
    });
    // Posts, reels and shares are links with more about them; a fallback is nothing but a link.
    if (type !== 'fallback') found.raw = true;
    return;
  }
  const name = type === 'file' ? nameIn(url) : undefined;
  found.attachments.push({
    contentType,
    ...(name === undefined ? {} : { name }),
    media: { url },
    // Recordings and sound files are told alike; nearly all were recorded in the conversation.
    ...(type === 'audio' ? { content: { voice: true } } : {}),
  });
  if (type === 'story_mention') found.texts.push('[Mentioned the account in a story]');
}

/** The three sizes of Messenger's thumb are stickers too. */
const thumbs: readonly string[] = ['369239263222822', '369239343222814', '369239383222810'];

function sticker(found: Attachments, id: string | undefined, url: string | undefined): void {
  if (id !== undefined && thumbs.includes(id)) found.texts.push('👍');
  else if (url === undefined) found.texts.push('[Sticker]');
  else found.attachments.push({ contentType: 'image/png', media: { url }, content: { sticker: true } });
}

function place(found: Attachments, one: UnknownRecord, payload: UnknownRecord): void {
  const at = asRecord(payload.coordinates);
  const latitude = asNumber(at?.lat);
  const longitude = asNumber(at?.long);
  const name = asString(one.title);
  if (latitude === undefined || longitude === undefined) {
    found.texts.push(name ?? '[A place without coordinates]');
    found.raw = true;
    return;
  }
  found.attachments.push({
    contentType: factTypes.location,
    content: { latitude, longitude, ...(name === undefined ? {} : { name }) },
  });
}

/** A product, or a template of another app in an echo. Pictures of cards are at the platform and not shown. */
function template(found: Attachments, payload: UnknownRecord): void {
  found.raw = true;
  const text = asString(payload.text);
  const elements = [...asArray(payload.elements), ...asArray(asRecord(payload.product)?.elements)];
  const own = buttonsOf(payload.buttons);
  const cards = elements.map((element) => cardOf(asRecord(element) ?? {})).filter((card) => card !== undefined);
  if (text !== undefined || own.length > 0) {
    cards.unshift({ ...(text === undefined ? {} : { text }), ...(own.length === 0 ? {} : { buttons: own }) });
  }
  for (const card of cards) found.attachments.push({ contentType: factTypes.card, content: card });
  if (cards.length === 0) described(found, 'template');
}

function cardOf(element: UnknownRecord): Card | undefined {
  const title = asString(element.title);
  const subtitle = asString(element.subtitle);
  const buttons = buttonsOf(element.buttons);
  if (title === undefined && subtitle === undefined && buttons.length === 0) return undefined;
  return {
    ...(title === undefined ? {} : { title }),
    ...(subtitle === undefined ? {} : { subtitle }),
    ...(buttons.length === 0 ? {} : { buttons }),
  };
}

function buttonsOf(value: unknown): CardAction[] {
  return asArray(value).flatMap((item): CardAction[] => {
    const button = asRecord(item) ?? {};
    const title = asString(button.title);
    const url = httpUrl(button.url);
    if (title === undefined) return [];
    if (url !== undefined) return [{ type: 'openUrl', title, value: url }];
    const payload = asString(button.payload) ?? title;
    return [{ type: button.type === 'phone_number' ? 'call' : 'postBack', title, value: payload }];
  });
}

const words: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    ephemeral: '[A disappearing picture or video, to be seen only in the Instagram app]',
    appointment_booking: '[An appointment booking]',
    story_mention: '[Mentioned the account in a story that is gone]',
    template: '[A message of a form that is not shown here]',
  }),
);

/** What has no address: said in words. */
function described(found: Attachments, type: string): void {
  found.texts.push(words.get(type) ?? '[An attachment of a kind that Meta does not pass on]');
  found.raw = true;
}

function httpUrl(value: unknown): string | undefined {
  const text = asString(value);
  return text !== undefined && text.length <= 8_000 && /^https?:\/\//.test(text) && URL.canParse(text)
    ? text
    : undefined;
}

/** The last step of an address as file name. */
function nameIn(url: string): string | undefined {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return /\.[a-z0-9]{1,8}$/i.test(last) ? decodeURIComponent(last).slice(0, 200) : undefined;
  } catch {
    return undefined;
  }
}
