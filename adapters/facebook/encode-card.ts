import type { Card, CardAction, EncodeContext, Loss, SuggestedAction } from '../contract/index.ts';
import { cardText, joinLines, pictureOf } from '../kit/degrade.ts';
import { fits } from '../kit/text-split.ts';
import type { FacebookSettings } from './config.ts';
import { type Draft, uploaded } from './draft.ts';
import { type Button, type Element, limits, type TemplatePayload } from './platform.ts';

type Context = EncodeContext<FacebookSettings>;
type Platform = FacebookSettings['platform'];

/**
 * Cards as templates: those that keep the limits of an element side by side, one without picture with its whole text,
 * all others as words.
 */
export function cardDrafts(
  cards: readonly Card[],
  context: Context,
): { drafts: Draft[]; texts: string[]; losses: Loss[] } {
  const losses: Loss[] = [];
  const texts: string[] = [];
  const before: Draft[] = [];
  const after: Draft[] = [];
  let row: Element[] = [];
  const endRow = () => {
    for (let at = 0; at < row.length; at += limits.cards.max)
      after.push(templateDraft({ template_type: 'generic', elements: row.slice(at, at + limits.cards.max) }));
    row = [];
  };
  for (const card of cards) {
    const picture = pictureOf(card);
    const pictureUrl = picture === undefined ? undefined : context.link(picture);
    // Templates show only pictures that Meta can fetch from us: without a public address the picture goes before.
    const apart = picture !== undefined && pictureUrl === undefined;
    const element = elementOf(card, pictureUrl, context.settings.platform);
    const words = joinLines([card.title, card.subtitle, card.text]);
    const alone = picture === undefined || apart || element === undefined;
    const template = alone ? buttonTemplate(words, card.buttons ?? [], context.settings.platform) : undefined;
    if (element !== undefined && (cards.length > 1 || template === undefined)) {
      row.push(element);
      if (apart) losses.push({ code: 'no-public-address' });
    } else if (template !== undefined) {
      endRow();
      after.push(template);
    } else {
      const degraded = cardText(card);
      texts.push(degraded.text);
      losses.push(...degraded.losses);
    }
    if (picture !== undefined && (apart || element === undefined)) {
      before.push(uploaded(picture, 'image', { contentType: 'image/jpeg', maxBytes: limits.image }));
    }
  }
  endRow();
  return { drafts: [...before, ...after], texts, losses };
}

function templateDraft(payload: TemplatePayload): Draft {
  const text =
    payload.template_type === 'button' ? payload.text : joinLines(payload.elements.map(({ title }) => title));
  return { message: { attachment: { type: 'template', payload } }, shows: { kind: 'card', text } };
}

/** A text with one to three buttons below it; undefined when the limits are not kept. */
export function buttonTemplate(
  text: string,
  actions: readonly (SuggestedAction | CardAction)[],
  platform: Platform,
): Draft | undefined {
  const buttons = buttonsOf(actions, platform);
  if (buttons === undefined || buttons.length === 0 || text.trim() === '' || !fits(text, limits.buttons.text))
    return undefined;
  return templateDraft({ template_type: 'button', text, buttons });
}

/** One card of a row; undefined when it has no title, more than 80 letters in a line, or buttons that do not fit. */
function elementOf(card: Card, pictureUrl: string | undefined, platform: Platform): Element | undefined {
  const title = card.title?.trim() ?? '';
  const subtitle = joinLines([card.subtitle, card.text]);
  const buttons = buttonsOf(card.buttons ?? [], platform);
  if (title === '' || buttons === undefined || !fits(title, limits.cards.text) || !fits(subtitle, limits.cards.text)) {
    return undefined;
  }
  // A title alone is refused.
  if (subtitle === '' && pictureUrl === undefined && buttons.length === 0) return undefined;
  return {
    title,
    ...(subtitle === '' ? {} : { subtitle }),
    ...(pictureUrl === undefined ? {} : { image_url: pictureUrl }),
    ...(buttons.length === 0 ? {} : { buttons }),
  };
}

/** Buttons of a template, or undefined when one of them does not fit: nothing is cut off unseen. */
function buttonsOf(actions: readonly (SuggestedAction | CardAction)[], platform: Platform): Button[] | undefined {
  const { max, title: limit, payload: longest } = limits.buttons;
  if (actions.length > max) return undefined;
  const buttons: Button[] = [];
  for (const { type, title, value } of actions) {
    if (!fits(title, limit) || title.trim() === '') return undefined;
    if (type === 'openUrl') {
      if (!/^https?:\/\//.test(value) || value.length > limits.url) return undefined;
      buttons.push({ type: 'web_url', url: value, title });
    } else if (type === 'call') {
      const number = value.replace(/[\s()-]/g, '');
      if (platform === 'instagram' || !/^\+\d{5,15}$/.test(number)) return undefined;
      buttons.push({ type: 'phone_number', payload: number, title });
    } else if (value.trim() === '' || value.length > longest) return undefined;
    else buttons.push({ type: 'postback', payload: value, title });
  }
  return buttons;
}
