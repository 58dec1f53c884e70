import type { Part } from '../../../contract/index.ts';
import { locationText } from '../../../kit/degrade.ts';
import type { GoogleRbmSettings } from '../../config.ts';
import type { OutCard, Outgoing, Suggestion } from '../../model.ts';
import type { Scope } from '../codec.ts';
import { type MediaList, mediaList } from '../request.ts';
import { showsOf } from '../shows.ts';
import type { RbmFeature, RbmRequest } from './platform.ts';

/** One message as `agentMessages` takes it; our key is its id, so that a repeat is ignored. */
export function encode(settings: GoogleRbmSettings, message: Outgoing, scope: Scope): Part {
  const list = mediaList();
  const content = contentOf(message, list);
  const { ttlSeconds, messageTrafficType } = settings;
  const needs = needsOf(message);
  const request: RbmRequest = {
    method: 'POST',
    path: `${messagesOf(scope)}?messageId=${scope.key}`,
    body: {
      contentMessage: content,
      ...(messageTrafficType === undefined ? {} : { messageTrafficType }),
      ...(ttlSeconds === undefined ? {} : { ttl: `${ttlSeconds}s` }),
    },
    messageId: scope.key,
    ...(needs.length === 0 ? {} : { needs }),
  };
  return {
    request,
    key: scope.key,
    ...(list.media.length === 0 ? {} : { media: list.media }),
    shows: showsOf(message),
  };
}

/** Google always answers 200; what was delivered before stays. A repeat changes nothing. */
export function revoke(messageId: string, scope: Scope): Part {
  const request: RbmRequest = {
    method: 'DELETE',
    path: `${messagesOf(scope)}/${encodeURIComponent(messageId)}`,
    messageId,
  };
  return { request, key: scope.key, shows: { kind: 'other' } };
}

function messagesOf({ address }: Scope): string {
  return `/v1/phones/${encodeURIComponent(address.phone ?? '')}/agentMessages`;
}

function contentOf(message: Outgoing, list: MediaList): object {
  const chips = [...message.suggestions];
  switch (message.kind) {
    case 'text':
      return { text: message.text, ...suggestionsOf(chips) };
    case 'file':
      return { ...mediaOf(message.file.source, list), ...suggestionsOf(chips) };
    case 'cards':
      return { richCard: richCardOf(message.cards, list), ...suggestionsOf(chips) };
    case 'location': {
      const { latitude, longitude, name } = message;
      const label = name === undefined ? {} : { label: name.slice(0, 100) };
      // A chip vanishes with the next message; the words stay.
      if (chips.length < 11) chips.unshift({ kind: 'map', title: 'Map', latitude, longitude, ...label });
      const { text } = locationText({ latitude, longitude, ...(name === undefined ? {} : { name }) });
      return { text, ...suggestionsOf(chips) };
    }
  }
}

/** A file by its address or by the name that uploading gave it. */
function mediaOf(source: Parameters<MediaList['refer']>[0], list: MediaList): object {
  const reference = list.refer(source, 'url');
  return source.by === 'link'
    ? { contentInfo: { fileUrl: reference, forceRefresh: false } }
    : { uploadedRbmFile: { fileName: reference } };
}

function richCardOf(cards: readonly OutCard[], list: MediaList): object {
  const contents = cards.map(({ title, text, picture, buttons }) => ({
    ...(title === undefined ? {} : { title }),
    ...(text === undefined ? {} : { description: text }),
    ...(picture === undefined ? {} : { media: { height: 'MEDIUM', ...mediaOf(picture, list) } }),
    ...suggestionsOf(buttons),
  }));
  if (contents.length === 1) return { standaloneCard: { cardOrientation: 'VERTICAL', cardContent: contents[0] } };
  return { carouselCard: { cardWidth: 'MEDIUM', cardContents: contents } };
}

function suggestionsOf(suggestions: readonly Suggestion[]): { suggestions?: object[] } {
  return suggestions.length === 0 ? {} : { suggestions: suggestions.map(suggestionOf) };
}

/** Actions carry hidden data only because it is demanded; their taps come back with it. */
function suggestionOf(suggestion: Suggestion): object {
  const { title: text } = suggestion;
  switch (suggestion.kind) {
    case 'reply':
      return { reply: { text, postbackData: suggestion.data } };
    case 'url':
      return { action: { text, postbackData: 'url', openUrlAction: { url: suggestion.url } } };
    case 'call':
      return { action: { text, postbackData: 'call', dialAction: { phoneNumber: suggestion.phone } } };
    case 'map': {
      const { latitude, longitude, label } = suggestion;
      const viewLocationAction = { latLong: { latitude, longitude }, ...(label === undefined ? {} : { label }) };
      return { action: { text, postbackData: 'map', viewLocationAction } };
    }
  }
}

/** What a phone must be able to show besides words and files. Chips it does not know are left out by the phone. */
function needsOf(message: Outgoing): RbmFeature[] {
  if (message.kind !== 'cards') return [];
  return [message.cards.length === 1 ? 'RICHCARD_STANDALONE' : 'RICHCARD_CAROUSEL'];
}
