import type { Part } from '../../../contract/index.ts';
import type { Address, Outgoing } from '../../model.ts';
import type { Scope } from '../codec.ts';
import { cardsJson, suggestionJson } from '../gsma.ts';
import { type MediaList, mediaList } from '../request.ts';
import { showsOf } from '../shows.ts';
import type { MaapRequest } from './platform.ts';

/** One message. The platform gives it its id, and knows no key. */
export function encode(message: Outgoing, scope: Scope): Part {
  const list = mediaList();
  const chips = message.suggestions.map(suggestionJson);
  const request: MaapRequest = {
    method: 'POST',
    path: '/messages',
    body: {
      RCSMessage: {
        ...contentOf(message, list),
        ...(chips.length === 0 ? {} : { suggestedChipList: { suggestions: chips } }),
      },
      messageContact: contactOf(scope.address),
    },
  };
  return { request, ...(list.media.length === 0 ? {} : { media: list.media }), shows: showsOf(message) };
}

export function revoke(messageId: string, _scope: Scope): Part {
  const request: MaapRequest = {
    method: 'PUT',
    path: `/messages/${encodeURIComponent(messageId)}/status`,
    body: { RCSMessage: { status: 'cancelled' } },
  };
  return { request, shows: { kind: 'other' } };
}

export function contactOf({ phone, chatId }: Address): { userContact: string } | { chatId: string } {
  return phone === undefined ? { chatId: chatId ?? '' } : { userContact: phone };
}

function contentOf(message: Outgoing, list: MediaList): object {
  switch (message.kind) {
    case 'text':
      return { textMessage: message.text };
    case 'cards':
      return { richcardMessage: cardsJson(message.cards, list) };
    case 'location': {
      const { latitude, longitude, name } = message;
      return {
        geolocationPushMessage: { pos: `${latitude} ${longitude}`, ...(name === undefined ? {} : { label: name }) },
      };
    }
    case 'file': {
      const { source, name, kind } = message.file;
      const file = {
        fileUrl: list.refer(source, 'url'),
        fileName: name,
        fileMIMEType: list.refer(source, 'contentType'),
        fileSize: list.refer(source, 'size'),
      };
      return kind === 'audio' ? { audioMessage: file } : { fileMessage: file };
    }
  }
}
