import type { Card, CardAction, SuggestedAction } from '../contract/index.ts';
import { cardText, type Degraded, joinLines, pictureOf } from '../kit/degrade.ts';
import { mediaPlaceholder } from '../kit/meta-upload.ts';
import { fits, splitText } from '../kit/text-split.ts';
import { type Draft, fileDraft, pictureForm, textDraft } from './draft.ts';
import { limits } from './platform.ts';

type Action = SuggestedAction | CardAction;

/** How actions are shown below a text, and how long that may be. */
export interface Interactive {
  longest: number;
  /** Only these two show a picture above. */
  takesPicture: boolean;
  draft(text: string, picture?: string): Draft;
}

/**
 * Up to three answers as buttons, up to ten as a list that opens, one address as a button that opens it. Undefined when
 * they are none of these: nothing is cut off unseen.
 */
export function interactiveOf(actions: readonly Action[], listButton: string): Interactive | undefined {
  const [first] = actions;
  if (first === undefined) return undefined;
  if (actions.length === 1 && first.type === 'openUrl') return ctaOf(first);
  if (actions.some(({ type }) => type === 'openUrl' || type === 'call')) return undefined;
  return buttonsOf(actions) ?? listOf(actions, listButton);
}

function ctaOf({ title, value }: Action): Interactive | undefined {
  if (!fits(title, limits.buttons.title) || title.trim() === '' || value.length > limits.url) return undefined;
  if (!/^https?:\/\//.test(value)) return undefined;
  const action = { name: 'cta_url', parameters: { display_text: title, url: value } };
  return shownAs('cta_url', limits.buttons.text.max, true, action);
}

function buttonsOf(actions: readonly Action[]): Interactive | undefined {
  const { max, title, id, text } = limits.buttons;
  if (actions.length > max || !areAnswers(actions, title, id)) return undefined;
  const buttons = actions.map((action) => ({ type: 'reply', reply: { id: action.value, title: action.title } }));
  return shownAs('button', text.max, true, { buttons });
}

function listOf(actions: readonly Action[], button: string): Interactive | undefined {
  const { max, title, id, text } = limits.list;
  if (actions.length > max || !areAnswers(actions, title, id)) return undefined;
  const rows = actions.map((action) => ({ id: action.value, title: action.title }));
  return shownAs('list', text.max, false, { button, sections: [{ rows }] });
}

/** Titles and ids must differ from one another and not be blank. */
function areAnswers(actions: readonly Action[], limit: { max: number; unit: 'utf16' }, longestId: number): boolean {
  const titles = new Set(actions.map(({ title }) => title.trim()));
  const ids = new Set(actions.map(({ value }) => value));
  return (
    titles.size === actions.length &&
    ids.size === actions.length &&
    actions.every(
      ({ title, value }) =>
        fits(title, limit) && title.trim() !== '' && value.trim() !== '' && value.length <= longestId,
    )
  );
}

function shownAs(type: string, longest: number, takesPicture: boolean, action: object): Interactive {
  return {
    longest,
    takesPicture,
    draft: (text, picture) => ({
      type: 'interactive',
      content: {
        type,
        // The header stands first: its file's id is the first placeholder.
        ...(picture === undefined ? {} : { header: { type: 'image', image: { id: mediaPlaceholder(0) } } }),
        body: { text },
        action,
      },
      ...(picture === undefined ? {} : { media: { mediaId: picture, use: 'image', form: pictureForm } }),
      shows: { kind: 'card', text },
    }),
  };
}

/**
 * A card as one message with its picture above and its buttons below where WhatsApp has such a form, else its picture
 * with its words, buttons as a numbered list.
 */
export function cardDrafts(card: Card, listButton: string): { drafts: Draft[]; losses: Degraded['losses'] } {
  const picture = pictureOf(card);
  const words = joinLines([card.title, card.subtitle, card.text]);
  const buttons = card.buttons ?? [];
  const interactive = interactiveOf(buttons, listButton);
  if (interactive !== undefined && words !== '' && words.length <= interactive.longest) {
    if (picture === undefined || interactive.takesPicture)
      return { drafts: [interactive.draft(words, picture)], losses: [] };
    return { drafts: [pictureDraft(picture), interactive.draft(words)], losses: [] };
  }
  const degraded = buttons.length === 0 ? { text: words, losses: [] } : cardText(card);
  const { text, losses } = degraded;
  if (picture === undefined) return { drafts: textsOf(text), losses };
  if (text === '') return { drafts: [pictureDraft(picture)], losses };
  if (fits(text, limits.caption)) return { drafts: [pictureDraft(picture, text)], losses };
  return { drafts: [pictureDraft(picture), ...textsOf(text)], losses };
}

function pictureDraft(mediaId: string, caption?: string): Draft {
  return fileDraft({ mediaId, use: 'image', form: pictureForm }, 'image', caption === undefined ? {} : { caption });
}

function textsOf(text: string): Draft[] {
  return splitText(text, limits.text)
    .filter((piece) => piece.trim() !== '')
    .map(textDraft);
}
