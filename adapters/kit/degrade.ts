import {
  type Attachment,
  type Card,
  type CardAction,
  type Contact,
  type FileFacts,
  factTypes,
  type Link,
  type Location,
  type Loss,
  mediaIdOf,
  type OutboundActivity,
  type SuggestedAction,
  type TemplateUse,
} from '../contract/index.ts';
import { plainOfMarkdown } from './markdown.ts';

/**
 * What is left of something that a platform cannot carry: words, and what was lost. `prepare` of an adapter takes the
 * ones it needs, joins the texts and collects the losses.
 */
export interface Degraded {
  text: string;
  losses: Loss[];
}

/** The words of a message without marks. A loss when there were any. */
export function plainText(activity: Pick<OutboundActivity, 'text' | 'textFormat'>): Degraded {
  const text = activity.text ?? '';
  if (activity.textFormat !== 'markdown') return { text, losses: [] };
  const plain = plainOfMarkdown(text);
  return { text: plain, losses: plain === text ? [] : [{ code: 'formatting-dropped' }] };
}

/** Quick replies or buttons as a numbered list; those that open something with its address. */
export function listOfActions(
  actions: readonly (SuggestedAction | CardAction)[],
  what: 'quick replies' | 'buttons',
): Degraded {
  if (actions.length === 0) return { text: '', losses: [] };
  const lines = actions.map(({ type, title, value }, index) => {
    const opens = (type === 'openUrl' || type === 'call') && value !== title;
    return `${index + 1}. ${opens ? `${title}: ${value}` : title}`;
  });
  return { text: lines.join('\n'), losses: [{ code: 'buttons-as-list', values: { what } }] };
}

/** A card's words and buttons. Its picture is the adapter's to send: see {@link pictureOf}. */
export function cardText(card: Card): Degraded {
  const buttons = listOfActions(card.buttons ?? [], 'buttons');
  return { text: joinLines([card.title, card.subtitle, card.text, buttons.text]), losses: [{ code: 'card-as-text' }] };
}

/** The media id of a card's picture. */
export function pictureOf(card: Card): string | undefined {
  return mediaIdOf(card.images?.[0]?.url);
}

/** A place by name, address and a map's address. */
export function locationText(location: Location): Degraded {
  const { latitude, longitude, name, address } = location;
  // Degrees of the Chinese datum mean another place on every other map.
  const map =
    location.datum === 'gcj02'
      ? `https://uri.amap.com/marker?position=${longitude},${latitude}`
      : `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  return { text: joinLines([name, address, map]), losses: [{ code: 'location-as-link' }] };
}

/** A contact card as lines. */
export function contactText(contact: Contact): Degraded {
  const { name, organization, phones = [], emails = [] } = contact;
  return { text: joinLines([name, organization, ...phones, ...emails]), losses: [{ code: 'contact-as-text' }] };
}

/** A link with its title. Nothing is lost: platforms show what they find at the address. */
export function linkText(link: Link): Degraded {
  return {
    text: joinLines([link.title === link.url ? undefined : link.title, link.description, link.url]),
    losses: [],
  };
}

/** What a template says, where there are no templates. */
export function templateText(template: TemplateUse): Degraded {
  return template.text === undefined || template.text.trim() === ''
    ? { text: '', losses: [{ code: 'template-invalid', blocks: true }] }
    : { text: template.text, losses: [] };
}

/** A file as its name and a signed address that ends. Without a public address of the server the message is blocked. */
export function fileAsLink(attachment: Attachment, link: (mediaId: string) => string | undefined): Degraded {
  const mediaId = mediaIdOf(attachment.contentUrl);
  const url = mediaId === undefined ? undefined : link(mediaId);
  if (url === undefined) return { text: '', losses: [{ code: 'no-public-address', blocks: true }] };
  const name = nameOf(attachment);
  return { text: joinLines([attachment.name, url]), losses: [{ code: 'file-as-link', values: { name } }] };
}

/** A fact that is not a file as text; undefined for files. */
export function factText(attachment: Attachment): Degraded | undefined {
  const { contentType, content } = attachment;
  switch (contentType) {
    case factTypes.location:
      return locationText(content as Location);
    case factTypes.contact:
      return contactText(content as Contact);
    case factTypes.link:
      return linkText(content as Link);
    case factTypes.card:
      return cardText(content as Card);
    case factTypes.template:
      return templateText(content as TemplateUse);
    default:
      return undefined;
  }
}

/** What a person would call the attachment in a sentence. */
export function nameOf(attachment: Attachment): string {
  return attachment.name ?? attachment.contentType.replace(/\/.*$/, '');
}

/** The kinds of files that capabilities know. */
export function kindOfFile(attachment: Attachment): 'image' | 'audio' | 'voice' | 'video' | 'file' | 'sticker' {
  const facts = (attachment.content ?? {}) as FileFacts;
  const family = attachment.contentType.split('/')[0];
  if (family === 'image') return facts.sticker === true ? 'sticker' : 'image';
  if (family === 'audio') return facts.voice === true ? 'voice' : 'audio';
  return family === 'video' ? 'video' : 'file';
}

/** Whether a MIME type is among types that may be `image/*` or `*`. */
export function isOfType(contentType: string, types: readonly string[]): boolean {
  const bare = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  return types.some(
    (type) => type === '*' || type === bare || (type.endsWith('/*') && bare.startsWith(type.slice(0, -1))),
  );
}

/** Lines that say something, one below the other. */
export function joinLines(lines: readonly (string | undefined)[]): string {
  return lines.filter((line) => line !== undefined && line.trim() !== '').join('\n');
}

/** Losses without repeats of the same thing; a blocking one first. */
export function lossesOf(losses: readonly Loss[]): Loss[] {
  const seen = new Map<string, Loss>();
  for (const loss of losses) {
    const key = JSON.stringify([loss.code, loss.values ?? null]);
    if (seen.get(key)?.blocks !== true) seen.set(key, loss);
  }
  return [...seen.values()].sort((a, b) => Number(b.blocks === true) - Number(a.blocks === true));
}
