import { type Fields, fieldsOf, listOf, textOf } from '../phone/checks.ts';
import type { ShownButton, ShownCard, ShownFile, ShownMessage } from '../phone/model.ts';

/** A message of the Page as the app shows it; files are still to come. */
export function shownMessage(
  message: Fields,
  { id, at, quotes }: { id: string; at: number; quotes?: string },
): ShownMessage {
  const shown: ShownMessage = { id, by: 'company', at, state: 'sent', ...(quotes === undefined ? {} : { quotes }) };
  const text = textOf(message.text);
  if (text !== undefined) shown.text = text;
  const replies = listOf(message.quick_replies).map(fieldsOf);
  if (replies.length > 0) {
    shown.quickReplies = replies.map(({ content_type: type, title, payload }, index) => ({
      id: `q${index}`,
      title: type === 'text' ? String(title) : type === 'user_email' ? 'me@example.com' : '+1 555 010 0199',
      does: 'answer',
      value: { kind: 'quick_reply', payload: payload ?? '' },
    }));
  }
  const { type, payload } = fieldsOf(message.attachment);
  if (type === 'template') Object.assign(shown, shownTemplate(fieldsOf(payload)));
  else if (type === 'like_heart') shown.text = '❤️';
  else if (type !== undefined) shown.file = { kind: String(type) as ShownFile['kind'] };
  return shown;
}

function shownTemplate(payload: Fields): Partial<ShownMessage> {
  if (payload.template_type === 'button') {
    return { text: String(payload.text), buttons: buttonsOf(payload.buttons, 'b') };
  }
  return {
    cards: listOf(payload.elements).map((element, index): ShownCard => {
      const { title, subtitle, buttons, image_url: image } = fieldsOf(element);
      return {
        title: String(title),
        ...(textOf(subtitle) === undefined ? {} : { text: String(subtitle) }),
        ...(image === undefined ? {} : { image: { kind: 'image' } }),
        buttons: buttonsOf(buttons, `c${index}b`),
      };
    }),
  };
}

function buttonsOf(buttons: unknown, prefix: string): ShownButton[] {
  return listOf(buttons).map((button, index) => {
    const { type, title, url, payload } = fieldsOf(button);
    const shown = { id: `${prefix}${index}`, title: String(title) };
    if (type === 'web_url') return { ...shown, does: 'open', url: String(url) };
    if (type === 'phone_number') return { ...shown, does: 'call', url: `tel:${String(payload)}` };
    return { ...shown, does: 'answer', value: { kind: 'postback', title, payload } };
  });
}
