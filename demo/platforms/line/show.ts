import { fieldsOf, listOf, textOf } from '../phone/checks.ts';
import { fetchLink } from '../phone/fetch-link.ts';
import type { ShownCard, ShownFile, ShownMessage } from '../phone/model.ts';
import type { Ground } from '../phone/platform.ts';
import { buttonOf } from './account.ts';

/** Largest file the app loads from an address, bytes. */
const mostBytes = 200_000_000;

/**
 * A message of the company as the app shows it. `id` is the platform's id of it, `quotes` the message its quote token
 * stands for.
 */
export function shownMessage(
  message: Record<string, unknown>,
  { id, at, quotes }: { id: string; at: number; quotes?: string },
): ShownMessage {
  const shown: ShownMessage = {
    id,
    by: 'company',
    at,
    state: 'delivered',
    ...(quotes === undefined ? {} : { quotes }),
  };
  const items = listOf(fieldsOf(message.quickReply).items);
  if (items.length > 0) {
    shown.quickReplies = items.map((item, index) => buttonOf(fieldsOf(fieldsOf(item).action), `q${index}`));
  }
  switch (message.type) {
    case 'text':
      shown.text = String(message.text);
      break;
    case 'textV2':
      shown.text = substituted(String(message.text), fieldsOf(message.substitution));
      break;
    case 'image':
    case 'video':
      shown.file = { kind: message.type };
      break;
    case 'audio':
      shown.file = { kind: 'audio', duration: Number(message.duration) };
      break;
    case 'sticker':
      shown.file = { kind: 'sticker', name: String(message.stickerId) };
      break;
    case 'location':
      shown.place = {
        latitude: Number(message.latitude),
        longitude: Number(message.longitude),
        name: String(message.title),
        address: String(message.address),
      };
      break;
    case 'template':
      Object.assign(shown, shownTemplate(fieldsOf(message.template)));
      break;
    case 'flex':
      shown.cards = bubblesOf(fieldsOf(message.contents)).map(shownBubble);
      break;
  }
  return shown;
}

/** Load the files of a message as the app does once it shows it: each that cannot be had is shown as missing. */
export async function loadFiles(ground: Ground, message: Record<string, unknown>, shown: ShownMessage): Promise<void> {
  if (shown.file && shown.file.kind !== 'sticker') {
    shown.file = await load(ground, shown.file, message.originalContentUrl);
  }
  const images = imagesOf(message);
  for (const [index, card] of (shown.cards ?? []).entries()) {
    if (images[index] !== undefined) card.image = await load(ground, { kind: 'image' }, images[index]);
  }
  ground.phone.change(shown.id, {});
}

async function load(ground: Ground, file: ShownFile, address: unknown): Promise<ShownFile> {
  const fetched = await fetchLink(ground, String(address), mostBytes);
  if ('problem' in fetched) return { ...file, missing: fetched.problem };
  return ground.shown(file.kind, ground.keep(fetched), { ...file });
}

function imagesOf(message: Record<string, unknown>): unknown[] {
  if (message.type === 'flex') return bubblesOf(fieldsOf(message.contents)).map((bubble) => fieldsOf(bubble.hero).url);
  const template = fieldsOf(message.template);
  if (template.type === 'buttons') return [template.thumbnailImageUrl];
  return listOf(template.columns).map((column) => fieldsOf(column).thumbnailImageUrl ?? fieldsOf(column).imageUrl);
}

function substituted(text: string, substitution: Record<string, unknown>): string {
  return text.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (whole, name?: string) => {
    if (name === undefined) return whole[0] ?? '';
    const { type, mentionee } = fieldsOf(substitution[name]);
    if (type === 'emoji') return '☺';
    return fieldsOf(mentionee).type === 'all' ? '@All' : '@member';
  });
}

function shownTemplate(template: Record<string, unknown>): Partial<ShownMessage> {
  const actions = (list: unknown, prefix: string) =>
    listOf(list).map((action, index) => buttonOf(fieldsOf(action), `${prefix}${index}`));
  const card = (panel: Record<string, unknown>, prefix: string): ShownCard => {
    const title = textOf(panel.title);
    const text = textOf(panel.text);
    return {
      ...(title === undefined ? {} : { title }),
      ...(text === undefined ? {} : { text }),
      buttons: panel.action === undefined ? actions(panel.actions, prefix) : actions([panel.action], prefix),
    };
  };
  if (template.type === 'confirm') return { text: String(template.text), buttons: actions(template.actions, 'b') };
  if (template.type === 'buttons') return { cards: [card(template, 'b')] };
  return { cards: listOf(template.columns).map((column, index) => card(fieldsOf(column), `c${index}b`)) };
}

function bubblesOf(contents: Record<string, unknown>): Record<string, unknown>[] {
  return contents.type === 'carousel' ? listOf(contents.contents).map(fieldsOf) : [contents];
}

/** Texts and buttons of a bubble, wherever they stand in it: the first text is its title. */
function shownBubble(bubble: Record<string, unknown>, index: number): ShownCard {
  const texts: string[] = [];
  const buttons: ShownCard['buttons'] = [];
  const walk = (value: unknown) => {
    const component = fieldsOf(value);
    const text = textOf(component.text);
    if (component.type === 'text' && text !== undefined) texts.push(text);
    if (component.type === 'button') buttons.push(buttonOf(fieldsOf(component.action), `c${index}b${buttons.length}`));
    for (const inner of listOf(component.contents)) walk(inner);
  };
  for (const block of [bubble.header, bubble.hero, bubble.body, bubble.footer]) walk(block);
  const [title, ...rest] = texts;
  return {
    ...(title === undefined ? {} : { title }),
    ...(rest.length === 0 ? {} : { text: rest.join('\n') }),
    buttons,
  };
}
