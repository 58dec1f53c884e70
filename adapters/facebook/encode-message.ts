import {
  type Attachment,
  type Card,
  type EncodeContext,
  type FileFacts,
  factTypes,
  type Loss,
  mediaIdOf,
  type OutboundActivity,
  type PartMedia,
  type SuggestedAction,
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
  plainText,
} from '../kit/degrade.ts';
import { fits, splitText } from '../kit/text-split.ts';
import type { FacebookSettings } from './config.ts';
import { type Draft, uploaded } from './draft.ts';
import { buttonTemplate, cardDrafts } from './encode-card.ts';
import { type AttachmentType, fileTypes, limits } from './platform.ts';

type Context = EncodeContext<FacebookSettings>;

/** An activity as messages of the platform: words, then files, then cards. */
export function draftsOf(activity: OutboundActivity, context: Context): { drafts: Draft[]; losses: Loss[] } {
  const losses: Loss[] = [];
  const texts: string[] = [];
  const keep = ({ text, losses: lost }: Degraded) => {
    texts.push(text);
    losses.push(...lost);
  };
  keep(plainText(activity));
  const files: Draft[] = [];
  const cards: Card[] = [];
  for (const attachment of activity.attachments ?? []) {
    if (attachment.contentType === factTypes.card) {
      cards.push(attachment.content as Card);
      continue;
    }
    const file = fileDraft(attachment, context.settings.platform, losses);
    if (file !== undefined) files.push(file);
    else keep(factText(attachment) ?? fileAsLink(attachment, (mediaId) => context.link(mediaId)));
  }
  const shown = cardDrafts(cards, context);
  losses.push(...shown.losses);
  texts.push(...shown.texts);
  if (files.length > 0 && joinLines(texts) !== '') losses.push({ code: 'caption-apart' });
  const others = [...files, ...shown.drafts];
  const actions = activity.suggestedActions?.actions ?? [];
  const drafts = withActions(texts, others, actions, context, losses);
  return { drafts, losses };
}

function textDrafts(texts: readonly string[], context: Context, losses: Loss[]): Draft[] {
  const pieces = splitText(joinLines(texts), limits[context.settings.platform].text).filter(
    (text) => text.trim() !== '',
  );
  if (pieces.length > 1) losses.push({ code: 'text-split', values: { parts: pieces.length } });
  return pieces.map((text) => ({ message: { text }, shows: { kind: 'text', text } }));
}

/** Quick replies go with the last message. With an address to open they become buttons; what fits neither is a list. */
function withActions(
  texts: string[],
  others: Draft[],
  actions: readonly SuggestedAction[],
  context: Context,
  losses: Loss[],
): Draft[] {
  const drafts = [...textDrafts(texts, context, losses), ...others];
  if (actions.length === 0) return drafts;
  const last = drafts.at(-1);
  const before = drafts.slice(0, -1);
  if (last !== undefined && areQuickReplies(actions)) {
    const replies = actions.map(({ title, value }) => ({ content_type: 'text' as const, title, payload: value }));
    return [...before, { ...last, message: { ...last.message, quick_replies: replies } }];
  }
  const text = last?.message.text;
  const template = text === undefined ? undefined : buttonTemplate(text, actions, context.settings.platform);
  if (template !== undefined) return [...before, template];
  const list = listOfActions(actions, 'quick replies');
  losses.push(...list.losses);
  // Told of the longer text instead.
  const split = losses.findIndex(({ code }) => code === 'text-split');
  if (split !== -1) losses.splice(split, 1);
  return [...textDrafts([...texts, list.text], context, losses), ...others];
}

function areQuickReplies(actions: readonly SuggestedAction[]): boolean {
  const { max, title: limit, payload } = limits.quickReplies;
  return (
    actions.length <= max &&
    actions.every(
      ({ type, title, value }) =>
        type !== 'openUrl' &&
        title.trim() !== '' &&
        fits(title, limit) &&
        value.trim() !== '' &&
        value.length <= payload,
    )
  );
}

type Platform = FacebookSettings['platform'];

/** A file as it is uploaded, or undefined for what is no file or can only go as a link. */
function fileDraft(attachment: Attachment, platform: Platform, losses: Loss[]): Draft | undefined {
  const mediaId = mediaIdOf(attachment.contentUrl);
  const as = mediaId === undefined ? undefined : wayOf(attachment, platform);
  if (mediaId === undefined || as === undefined) return undefined;
  const { type, form } = as;
  if (kindOfFile(attachment) === 'sticker') losses.push({ code: 'sticker-as-picture' });
  if (form !== undefined) {
    const values = { name: nameOf(attachment), from: attachment.contentType, to: form.contentType };
    losses.push({ code: 'file-converted', values });
  }
  return uploaded(mediaId, type, form);
}

function wayOf(
  attachment: Attachment,
  platform: Platform,
): { type: AttachmentType; form?: PartMedia['form'] } | undefined {
  const { contentType, content } = attachment;
  const size = (content as FileFacts | undefined)?.size ?? 0;
  const kind = kindOfFile(attachment);
  if ((kind === 'image' || kind === 'sticker') && !isOfType(contentType, ['image/svg+xml'])) {
    const as = isOfType(contentType, fileTypes.image) && size <= limits.image;
    return as ? { type: 'image' } : { type: 'image', form: { contentType: 'image/jpeg', maxBytes: limits.image } };
  }
  if (size > limits.file) return undefined;
  if (kind === 'audio' || kind === 'voice') {
    const as = isOfType(contentType, fileTypes.audio);
    return as ? { type: 'audio' } : { type: 'audio', form: { contentType: 'audio/mp4', maxBytes: limits.file } };
  }
  if (kind === 'video' && isOfType(contentType, fileTypes.video)) return { type: 'video' };
  // Of other files Instagram takes PDF only (third-party notes and its upload page).
  return platform === 'messenger' || isOfType(contentType, ['application/pdf']) ? { type: 'file' } : undefined;
}
