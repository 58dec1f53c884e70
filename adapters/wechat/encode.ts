import {
  type Attachment,
  type Card,
  factTypes,
  type Loss,
  type OutboundActivity,
  type Part,
  type Prepared,
  type TemplateUse,
} from '../contract/index.ts';
import { factText, lossesOf, plainText } from '../kit/index.ts';
import { encodeCard } from './encode-card.ts';
import { encodeFile } from './encode-file.ts';
import { type Piece, templateMessage, type WechatContext } from './encode-parts.ts';
import { encodeWords } from './encode-words.ts';

/**
 * A message as WeChat will get it: words first (joined, since a window has but five messages), then files and cards,
 * with quick replies last. Blocked when the window, its quota or the customer does not allow it. Pure.
 */
export function prepare(activity: OutboundActivity, context: WechatContext): Prepared {
  if (activity.type === 'messageReaction') return nothing({ code: 'reaction-dropped', blocks: true });
  if (activity.type === 'messageDelete') return nothing({ code: 'deletion-not-possible', blocks: true });
  const plain = plainText(activity);
  const losses: Loss[] = [...plain.losses];
  if (activity.target !== undefined) losses.push({ code: 'quote-dropped' });
  const words = [plain.text];
  const parts: Part[] = [];
  for (const attachment of activity.attachments ?? []) {
    const piece = encodeAttachment(attachment, context);
    words.push(piece.words ?? '');
    parts.push(...(piece.parts ?? []));
    losses.push(...(piece.losses ?? []));
  }
  const said = encodeWords(words, activity.suggestedActions?.actions ?? [], context);
  losses.push(...(said.losses ?? []));
  const spoken = said.parts ?? [];
  const all = said.last ? [...parts, ...spoken] : [...spoken, ...parts];
  if (all.length === 0 && !losses.some(({ blocks }) => blocks === true)) {
    losses.push({ code: 'nothing-to-send', blocks: true });
  }
  losses.push(...hindrances(all, context));
  const told = lossesOf(losses);
  return { parts: told.some(({ blocks }) => blocks === true) ? [] : all, losses: told };
}

function nothing(loss: Loss): Prepared {
  return { parts: [], losses: [loss] };
}

function encodeAttachment(attachment: Attachment, context: WechatContext): Piece {
  switch (attachment.contentType) {
    case factTypes.card:
      return encodeCard(attachment.content as Card, context);
    case factTypes.template:
      return encodeTemplate(attachment.content as TemplateUse, context);
    default: {
      const fact = factText(attachment);
      return fact === undefined ? encodeFile(attachment, context) : { words: fact.text, losses: fact.losses };
    }
  }
}

function encodeTemplate(template: TemplateUse, context: WechatContext): Piece {
  if (template.name.trim() === '') return { losses: [{ code: 'template-invalid', blocks: true }] };
  const data = Object.entries(template.values).map(([name, value]) => [name, { value: value.toWellFormed() }]);
  const shows = { kind: 'text', text: template.text ?? template.name } as const;
  return { parts: [templateMessage(context, template.name, Object.fromEntries(data), shows)] };
}

/** Why WeChat would refuse these parts now, as far as one can know. */
function hindrances(parts: readonly Part[], context: WechatContext): Loss[] {
  const { closed, window } = context.conversation;
  if (closed !== undefined) return [{ code: 'conversation-closed', values: { closed }, blocks: true }];
  const cost = parts.reduce((sum, { costs = 1 }) => sum + costs, 0);
  if (window === undefined || cost === 0) return [];
  if (window.until <= context.now) return [{ code: 'window-closed', blocks: true }];
  if (window.left === undefined || cost <= window.left) return [];
  return [{ code: 'quota-exceeded', values: { left: window.left }, blocks: true }];
}
