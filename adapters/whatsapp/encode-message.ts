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
  type PartMedia,
  type TemplateUse,
} from '../contract/index.ts';
import {
  type Degraded,
  factText,
  fileAsLink,
  isOfType,
  joinLines,
  kindOfFile,
  listOfActions,
  nameOf,
} from '../kit/degrade.ts';
import { fits, splitText } from '../kit/text-split.ts';
import type { WhatsappSettings } from './config.ts';
import { type Draft, fileDraft, pictureForm, textDraft } from './draft.ts';
import { cardDrafts, interactiveOf } from './encode-interactive.ts';
import { templateDraft } from './encode-template.ts';
import { whatsappOfMarkdown } from './formatting.ts';
import { fileTypes, limits, type MediaType } from './platform.ts';

type Context = EncodeContext<WhatsappSettings>;

/** What a message holds, sorted by how it goes. */
interface Content {
  texts: string[];
  templates: Draft[];
  files: Draft[];
  /** Places, contacts and cards. */
  others: Draft[];
  losses: Loss[];
}

/** An activity as messages of the platform: a template, words, files, then everything else; answers to tap come last. */
export function draftsOf(activity: OutboundActivity, context: Context): { drafts: Draft[]; losses: Loss[] } {
  const content = contentOf(activity, context);
  const { templates, losses } = content;
  const actions = activity.suggestedActions?.actions ?? [];
  const interactive = interactiveOf(actions, context.settings.listButton);
  const words = joinLines(content.texts);
  if (interactive !== undefined && words !== '') {
    const pieces = splitText(words, { max: interactive.longest, unit: 'utf16' });
    if (pieces.length > 1) losses.push({ code: 'text-split', values: { parts: pieces.length } });
    const last = interactive.draft(pieces.at(-1) ?? words);
    const drafts = [...templates, ...pieces.slice(0, -1).map(textDraft), ...content.files, ...content.others, last];
    return { drafts, losses };
  }
  const list = listOfActions(actions, 'quick replies');
  losses.push(...list.losses);
  const drafts = [...templates, ...withWords(joinLines([words, list.text]), content.files, losses), ...content.others];
  return { drafts, losses };
}

/** Words go with the first file when it takes them and they are not too long, else before. */
function withWords(words: string, files: readonly Draft[], losses: Loss[]): Draft[] {
  const [first, ...more] = files;
  if (words === '') return [...files];
  if (first !== undefined && takesCaption(first) && fits(words, limits.caption)) {
    return [
      { ...first, content: { ...(first.content as object), caption: words }, shows: { ...first.shows, text: words } },
      ...more,
    ];
  }
  if (first !== undefined) losses.push({ code: 'caption-apart' });
  const pieces = splitText(words, limits.text).filter((piece) => piece.trim() !== '');
  if (pieces.length > 1) losses.push({ code: 'text-split', values: { parts: pieces.length } });
  return [...pieces.map(textDraft), ...files];
}

function takesCaption({ type }: Draft): boolean {
  return type === 'image' || type === 'video' || type === 'document';
}

function contentOf(activity: OutboundActivity, context: Context): Content {
  const content: Content = { texts: [], templates: [], files: [], others: [], losses: [] };
  const { text = '', textFormat } = activity;
  content.texts.push(textFormat === 'markdown' ? whatsappOfMarkdown(text) : text);
  for (const attachment of activity.attachments ?? []) add(content, attachment, context);
  return content;
}

function add(content: Content, attachment: Attachment, context: Context): void {
  const keep = ({ text, losses }: Degraded) => {
    content.texts.push(text);
    content.losses.push(...losses);
  };
  switch (attachment.contentType) {
    case factTypes.location:
      content.others.push(placeDraft(attachment.content as Location));
      return;
    case factTypes.contact:
      content.others.push(contactDraft(attachment.content as Contact));
      return;
    case factTypes.card: {
      const { drafts, losses } = cardDrafts(attachment.content as Card, context.settings.listButton);
      content.others.push(...drafts);
      content.losses.push(...losses);
      return;
    }
    case factTypes.template: {
      const template = templateDraft(attachment.content as TemplateUse);
      if (template === undefined) content.losses.push({ code: 'template-invalid', blocks: true });
      else content.templates.push(template);
      return;
    }
    default: {
      const file = draftOfFile(attachment, content.losses);
      if (file !== undefined) content.files.push(file);
      else keep(factText(attachment) ?? fileAsLink(attachment, (mediaId) => context.link(mediaId)));
    }
  }
}

function placeDraft({ latitude, longitude, name, address }: Location): Draft {
  const content = {
    latitude,
    longitude,
    ...(name === undefined ? {} : { name }),
    ...(address === undefined ? {} : { address }),
  };
  return { type: 'location', content, shows: { kind: 'other', text: name ?? address ?? `${latitude}, ${longitude}` } };
}

function contactDraft({ name, phones = [], emails = [], organization }: Contact): Draft {
  const contact = {
    // A formatted name alone is refused.
    name: { formatted_name: name, first_name: name },
    ...(phones.length === 0 ? {} : { phones: phones.map((phone) => ({ phone, type: 'CELL' })) }),
    ...(emails.length === 0 ? {} : { emails: emails.map((email) => ({ email, type: 'WORK' })) }),
    ...(organization === undefined ? {} : { org: { company: organization } }),
  };
  return { type: 'contacts', content: [contact], shows: { kind: 'other', text: name } };
}

/** A file as it is uploaded, or undefined for what is no file or can only go as a link. */
function draftOfFile(attachment: Attachment, losses: Loss[]): Draft | undefined {
  const mediaId = mediaIdOf(attachment.contentUrl);
  const way = mediaId === undefined ? undefined : wayOf(attachment);
  if (mediaId === undefined || way === undefined) return undefined;
  const { type, form } = way;
  const kind = kindOfFile(attachment);
  if (kind === 'sticker' && type !== 'sticker') losses.push({ code: 'sticker-as-picture' });
  if (form !== undefined) {
    const values = { name: nameOf(attachment), from: attachment.contentType, to: form.contentType };
    losses.push({ code: 'file-converted', values });
  }
  const media: PartMedia = { mediaId, use: type, ...(form === undefined ? {} : { form }) };
  if (type === 'document') return fileDraft(media, type, { filename: nameOf(attachment) });
  return fileDraft(media, type, kind === 'voice' ? { voice: true } : {});
}

interface Way {
  type: MediaType;
  form?: PartMedia['form'];
}

function wayOf(attachment: Attachment): Way | undefined {
  const { contentType, content } = attachment;
  const size = (content as FileFacts | undefined)?.size ?? 0;
  switch (kindOfFile(attachment)) {
    case 'sticker':
      // Whether it moves is not known here: the lower limit holds.
      if (isOfType(contentType, ['image/webp']) && size <= limits.sticker) return { type: 'sticker' };
      return { type: 'image', form: pictureForm };
    case 'image':
      if (isOfType(contentType, ['image/svg+xml'])) return undefined;
      return isOfType(contentType, fileTypes.image) && size <= limits.image
        ? { type: 'image' }
        : { type: 'image', form: pictureForm };
    case 'voice':
      return voiceOrAudio(isOfType(contentType, ['audio/ogg']), size);
    case 'audio':
      return voiceOrAudio(isOfType(contentType, fileTypes.audio), size);
    case 'video':
      if (size > limits.video) return undefined;
      return isOfType(contentType, fileTypes.video)
        ? { type: 'video' }
        : { type: 'video', form: { contentType: 'video/mp4', maxBytes: limits.video } };
    default:
      return isOfType(contentType, fileTypes.document) && size <= limits.document ? { type: 'document' } : undefined;
  }
}

/** Voice notes must be Ogg with Opus. */
function voiceOrAudio(asIs: boolean, size: number): Way | undefined {
  if (size > limits.audio) return undefined;
  return asIs ? { type: 'audio' } : { type: 'audio', form: { contentType: 'audio/ogg', maxBytes: limits.audio } };
}
