import type { Capabilities, FileKind, FileLimit } from '../contract/index.ts';
import { lifecycleOf } from '../kit/settings.ts';
import { codecOf } from './codecs/index.ts';
import type { RcsSettings } from './config.ts';
import type { Limits } from './model.ts';

/** What a network does not take goes as a link that ends. Bytes. */
const largestAttachment = 100_000_000;
/** How long the networks may take to fetch a file from us, ms. */
const linkLifetime = 24 * 60 * 60_000;

/** What a channel with these settings can carry. */
export function capabilities(settings: RcsSettings): Capabilities {
  const { limits, traits } = codecOf(settings);
  const { text, suggestions, suggestionTitle, card, carousel, location } = limits;
  return {
    text: { ...text },
    splits: true,
    formatting: 'plain',
    attachments: { max: 10, maxBytes: largestAttachment, types: ['*'] },
    files: filesOf(limits),
    quickReplies: { max: suggestions, title: { ...suggestionTitle } },
    cards: { max: carousel, buttons: card.buttons, title: { ...card.title }, text: { ...card.text } },
    location: { in: true, out: !location.asLink },
    contact: { in: false, out: false },
    typing: { ...traits.typing },
    receipts: { delivered: true, read: true },
    quotes: { in: false, out: false },
    reactions: { in: false, out: false },
    edits: { in: false, out: false },
    deletions: { in: false, out: true },
    idempotency: traits.idempotency,
    ...(limits.filesBy === 'link' ? { linkLifetime } : {}),
    groups: 'never',
    presence: 'none',
    lifecycle: lifecycleOf(settings),
  };
}

/** Recordings and stickers go as audio and pictures. */
function filesOf({ files, filesBy }: Limits): Partial<Record<FileKind, FileLimit>> {
  const found: Partial<Record<FileKind, FileLimit>> = {};
  const all = {
    ...files,
    ...(files.audio === undefined ? {} : { voice: files.audio }),
    ...(files.image === undefined ? {} : { sticker: files.image }),
  };
  for (const [kind, { maxBytes, types }] of Object.entries(all)) {
    found[kind as FileKind] = { maxBytes, types: [...types], by: filesBy };
  }
  return found;
}
