import { type Fields, fieldsOf, listOf, textOf } from '../../phone/checks.ts';
import { fetchLink } from '../../phone/fetch-link.ts';
import type { ShownButton, ShownCard, ShownFile, ShownMessage } from '../../phone/model.ts';
import type { Ground } from '../../phone/platform.ts';
import type { RbmAccount } from './account.ts';

const mostBytes = 100_000_000;

/** A message of the agent as the Messages app shows it; its files come later. */
export function shownMessage(content: Fields, id: string, at: number): ShownMessage {
  const text = textOf(content.text);
  const chips = listOf(content.suggestions).map((item, index) => buttonOf(fieldsOf(item), `s${index}`));
  const cards = cardsOf(content).map((card, index) => shownCard(card, index));
  const hasFile = text === undefined && cards.length === 0;
  return {
    id,
    by: 'company',
    at,
    state: 'sent',
    ...(text === undefined ? {} : { text }),
    ...(chips.length === 0 ? {} : { quickReplies: chips }),
    ...(cards.length === 0 ? {} : { cards }),
    ...(hasFile ? { file: { kind: 'file' } as const } : {}),
  };
}

/** Load the files of a message; each that cannot be had is shown as missing. */
export async function loadFiles(
  ground: Ground,
  account: RbmAccount,
  content: Fields,
  message: ShownMessage,
): Promise<void> {
  if (message.file !== undefined) message.file = await load(ground, account, content);
  const contents = cardsOf(content);
  for (const [index, card] of (message.cards ?? []).entries()) {
    const media = contents[index]?.media;
    if (media !== undefined) card.image = await load(ground, account, fieldsOf(media));
  }
  ground.phone.change(message.id, {});
}

async function load(ground: Ground, account: RbmAccount, named: Fields): Promise<ShownFile> {
  const link = fieldsOf(named.contentInfo).fileUrl;
  if (link !== undefined) {
    const fetched = await fetchLink(ground, String(link), mostBytes);
    if ('problem' in fetched) return { kind: 'file', missing: fetched.problem };
    const kept = ground.keep(fetched);
    return ground.shown(kindOf(kept.contentType), kept);
  }
  const name = fieldsOf(named.uploadedRbmFile).fileName ?? named.fileName;
  const kept = ground.shelf.get(account.files.get(String(name))?.shelved ?? '');
  return kept === undefined ? { kind: 'file', missing: 'gone' } : ground.shown(kindOf(kept.contentType), kept);
}

function kindOf(contentType: string): ShownFile['kind'] {
  const [kind = ''] = contentType.split('/', 1);
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
}

function cardsOf(content: Fields): Fields[] {
  const { standaloneCard: single, carouselCard: carousel } = fieldsOf(content.richCard);
  if (single !== undefined) return [fieldsOf(fieldsOf(single).cardContent)];
  return listOf(fieldsOf(carousel).cardContents).map(fieldsOf);
}

function shownCard(card: Fields, index: number): ShownCard {
  const [title, text] = [textOf(card.title), textOf(card.description)];
  return {
    ...(title === undefined ? {} : { title }),
    ...(text === undefined ? {} : { text }),
    buttons: listOf(card.suggestions).map((item, place) => buttonOf(fieldsOf(item), `c${index}s${place}`)),
  };
}

/** What a tap on a suggestion tells the agent. */
export interface Postback {
  type: 'REPLY' | 'ACTION';
  text: string;
  postbackData?: string;
}

function buttonOf({ reply, action }: Fields, id: string): ShownButton {
  const content = fieldsOf(reply ?? action);
  const title = String(content.text);
  const data = textOf(content.postbackData);
  const value: Postback = {
    type: reply === undefined ? 'ACTION' : 'REPLY',
    text: title,
    ...(data === undefined ? {} : { postbackData: data }),
  };
  if (reply !== undefined) return { id, title, does: 'answer', value };
  if (content.openUrlAction !== undefined) {
    return { id, title, does: 'open', url: String(fieldsOf(content.openUrlAction).url), value };
  }
  if (content.dialAction !== undefined) {
    return { id, title, does: 'call', url: `tel:${String(fieldsOf(content.dialAction).phoneNumber)}`, value };
  }
  return { id, title, does: content.shareLocationAction === undefined ? 'nothing' : 'location', value };
}
