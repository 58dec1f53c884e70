import {
  type Attachment,
  type Card,
  type Contact,
  type EncodeContext,
  type FileFacts,
  factTypes,
  type Location,
  type Loss,
  mediaIdOf,
  type OutboundActivity,
  type Part,
  type PartMedia,
  type Prepared,
} from '../contract/index.ts';
import {
  factText,
  fileAsLink,
  joinLines,
  kindOfFile,
  listOfActions,
  lossesOf,
  nameOf,
  pictureOf,
  plainText,
} from '../kit/degrade.ts';
import { asArray, asString, recordOf } from '../kit/inbound.ts';
import { fits, splitText } from '../kit/text-split.ts';
import type { WhatsappWebSettings } from './config.ts';
import { type Address, type Doing, limits } from './platform.ts';
import { vcardOf } from './vcard.ts';

type Sending = Extract<Doing, { do: 'send' }>;
type SendingFile = Extract<Sending, { as: string }>;

/**
 * A message as WhatsApp Web is made to write it: words, files one by one (the first with the words, where they fit under
 * it), places, contacts. Buttons and lists are no longer shown to people: they go as a numbered list. Pure.
 */
export function prepare(activity: OutboundActivity, context: EncodeContext<WhatsappWebSettings>): Prepared {
  const { chatId } = context.conversation.address as Address;
  const { type, target } = activity;
  if (type === 'messageReaction') return reaction(activity);
  if (type === 'messageDelete') {
    return target === undefined
      ? nothing('deletion-not-possible')
      : {
          parts: [{ request: { do: 'delete', messageId: target } satisfies Doing, shows: { kind: 'other' } }],
          losses: [],
        };
  }
  if (type !== 'message') return nothing('nothing-to-send');
  const { texts, files, facts, losses } = contentOf(activity, context);
  const words = joinLines(texts).trim();
  const [first] = files;
  const caption = first !== undefined && takesCaption(first.part) && words !== '' && fits(words, limits.caption);
  if (first !== undefined && words !== '' && !caption) losses.push({ code: 'caption-apart' });
  const pieces = words === '' || caption ? [] : splitText(words, limits.text);
  if (pieces.length > 1) losses.push({ code: 'text-split', values: { parts: pieces.length } });
  if (first !== undefined && caption) {
    first.request.caption = words;
    first.part.shows.text = words;
  }
  const parts: Part[] = [
    ...pieces.map((text) => partOf({ do: 'send', chatId, text }, { kind: 'text', text })),
    ...files.map(({ part }) => part),
    ...facts,
  ];
  const found = lossesOf(losses);
  if (found.some((loss) => loss.blocks === true)) return { parts: [], losses: found };
  if (parts.length === 0) return nothing('nothing-to-send');
  const [beginning] = parts;
  if (beginning !== undefined && target !== undefined) (beginning.request as Sending).quote = target;
  return { parts, losses: found };
}

function nothing(code: Loss['code']): Prepared {
  return { parts: [], losses: [{ code, blocks: true }] };
}

/** One reaction a person: the newest counts, none takes it away. */
function reaction({ target, value }: OutboundActivity): Prepared {
  if (target === undefined) return nothing('reaction-dropped');
  const emoji = asString(asArray(recordOf(value).added)[0]) ?? '';
  const request: Doing = { do: 'react', messageId: target, emoji };
  return { parts: [{ request, shows: { kind: 'other', ...(emoji === '' ? {} : { text: emoji }) } }], losses: [] };
}

interface FilePart {
  request: SendingFile;
  part: Part;
}

interface Content {
  texts: string[];
  files: FilePart[];
  facts: Part[];
  losses: Loss[];
}

function contentOf(activity: OutboundActivity, context: EncodeContext<WhatsappWebSettings>): Content {
  const { chatId } = context.conversation.address as Address;
  const content: Content = { texts: [], files: [], facts: [], losses: [] };
  const keep = ({ text, losses }: { text: string; losses: Loss[] }) => {
    content.texts.push(text);
    content.losses.push(...losses);
  };
  keep(plainText(activity));
  for (const attachment of activity.attachments ?? []) {
    const { contentType } = attachment;
    if (contentType === factTypes.location) {
      const { latitude, longitude, name, address } = attachment.content as Location;
      const location = {
        latitude,
        longitude,
        ...(name === undefined ? {} : { name }),
        ...(address === undefined ? {} : { address }),
      };
      content.facts.push(
        partOf({ do: 'send', chatId, location }, { kind: 'other', ...(name === undefined ? {} : { text: name }) }),
      );
      continue;
    }
    if (contentType === factTypes.contact) {
      const contact = attachment.content as Contact;
      content.facts.push(partOf({ do: 'send', chatId, vcard: vcardOf(contact) }, { kind: 'card', text: contact.name }));
      continue;
    }
    const file = fileOf(attachment, chatId);
    if (file !== undefined) {
      content.files.push(file);
      continue;
    }
    keep(factText(attachment) ?? fileAsLink(attachment, (mediaId) => context.link(mediaId)));
    const picture = contentType === factTypes.card ? pictureOf(attachment.content as Card) : undefined;
    if (picture !== undefined) {
      const form = { contentType: 'image/jpeg', maxBytes: limits.media };
      content.files.push(filePart(chatId, 'media', 'picture.jpg', 'image', { mediaId: picture, use: 'media', form }));
    }
  }
  keep(listOfActions(activity.suggestedActions?.actions ?? [], 'quick replies'));
  return content;
}

/** How a file goes, or undefined for what is too large for this way. */
function fileOf(attachment: Attachment, chatId: string): FilePart | undefined {
  const mediaId = mediaIdOf(attachment.contentUrl);
  if (mediaId === undefined) return undefined;
  const size = (attachment.content as FileFacts | undefined)?.size ?? 0;
  if (size > limits.document) return undefined;
  const kind = kindOfFile(attachment);
  const type = (attachment.contentType.split(';')[0] ?? '').trim().toLowerCase();
  const of = (as: SendingFile['as'], shows: Part['shows']['kind'], form?: PartMedia['form']) =>
    filePart(chatId, as, nameOf(attachment), shows, { mediaId, use: as, ...(form === undefined ? {} : { form }) });
  if (kind === 'sticker' && type === 'image/webp' && size <= limits.sticker) return of('sticker', 'image');
  if (size > limits.media) return of('document', 'file');
  if (kind === 'voice') return of('voice', 'audio', { contentType: 'audio/ogg', maxBytes: limits.media });
  if (['image/jpeg', 'image/png', 'image/webp'].includes(type)) return of('media', 'image');
  if (type === 'video/mp4' || type === 'video/3gpp') return of('media', 'video');
  if (['audio/mpeg', 'audio/mp4', 'audio/aac', 'audio/ogg', 'audio/amr'].includes(type)) return of('media', 'audio');
  return of('document', 'file');
}

function filePart(
  chatId: string,
  as: SendingFile['as'],
  name: string,
  kind: Part['shows']['kind'],
  media: PartMedia,
): FilePart {
  const request: SendingFile = { do: 'send', chatId, as, name };
  return { request, part: { request, media: [media], shows: { kind } } };
}

/** Words under audio and stickers are not shown. */
function takesCaption({ request, shows }: Part): boolean {
  return (request as SendingFile).as !== 'sticker' && shows.kind !== 'audio';
}

function partOf(request: Doing, shows: Part['shows']): Part {
  return { request, shows };
}
