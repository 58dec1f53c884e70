import { asRecord, asString, recordOf } from '../../kit/inbound.ts';
import type { HeardContent, OutCard, Suggestion } from '../model.ts';
import type { MediaList } from './request.ts';

/**
 * Cards, chips and their answers as GSMA's Universal Profile writes them (RCC.07, annex on rich cards): the networks of
 * China and MaaP platforms share them.
 */
export const contentTypes = {
  text: 'text/plain',
  card: 'application/vnd.gsma.botmessage.v1.0+json',
  chips: 'application/vnd.gsma.botsuggestion.v1.0+json',
  answer: 'application/vnd.gsma.botsuggestion.response.v1.0+json',
  shared: 'application/vnd.gsma.botsharedclientdata.v1.0+json',
  spam: 'application/vnd.gsma.rcsspam-report+xml',
  place: 'application/vnd.gsma.rcspushlocation+xml',
  file: 'application/vnd.gsma.rcs-ft-http+xml',
} as const;

/** Titles, texts and numbers of suggestions and cards; the profile's and Google's agree. */
export const sizes = {
  suggestions: 11,
  suggestionTitle: { max: 25, unit: 'utf16' },
  suggestionData: { max: 2_048, unit: 'utf16' },
  carousel: 10,
  card: { title: { max: 200, unit: 'utf16' }, text: { max: 2_000, unit: 'utf16' }, buttons: 4 },
} as const;

/** One chip. The hidden data of actions only serves to recognise them. */
export function suggestionJson(suggestion: Suggestion): unknown {
  const { title } = suggestion;
  switch (suggestion.kind) {
    case 'reply':
      return { reply: { displayText: title, postback: { data: suggestion.data } } };
    case 'url':
      return action(title, 'url', { urlAction: { openUrl: { url: suggestion.url } } });
    case 'call':
      return action(title, 'call', { dialerAction: { dialPhoneNumber: { phoneNumber: suggestion.phone } } });
    case 'map': {
      const { latitude, longitude, label } = suggestion;
      const location = { latitude, longitude, ...(label === undefined ? {} : { label }) };
      return action(title, 'map', { mapAction: { showLocation: { location } } });
    }
  }
}

function action(displayText: string, data: string, does: object): unknown {
  return { action: { ...does, displayText, postback: { data } } };
}

/** One card, or a carousel of several. */
export function cardsJson(cards: readonly OutCard[], list: MediaList): unknown {
  const contents = cards.map((card) => contentOf(card, list));
  const [only] = contents;
  if (contents.length === 1) {
    return { message: { generalPurposeCard: { layout: { cardOrientation: 'VERTICAL' }, content: only } } };
  }
  return { message: { generalPurposeCardCarousel: { layout: { cardWidth: 'MEDIUM_WIDTH' }, content: contents } } };
}

function contentOf({ title, text, picture, buttons }: OutCard, list: MediaList): object {
  return {
    ...(picture === undefined
      ? {}
      : {
          media: {
            mediaUrl: list.refer(picture, 'url'),
            mediaContentType: list.refer(picture, 'contentType'),
            mediaFileSize: list.refer(picture, 'size'),
            thumbnailUrl: list.refer(picture, 'thumbnailUrl'),
            thumbnailContentType: list.refer(picture, 'thumbnailType'),
            thumbnailFileSize: list.refer(picture, 'thumbnailSize'),
            height: 'MEDIUM_HEIGHT',
          },
        }),
    ...(title === undefined ? {} : { title }),
    ...(text === undefined ? {} : { description: text }),
    ...(buttons.length === 0 ? {} : { suggestions: buttons.map(suggestionJson) }),
  };
}

/** What a tapped chip sends back: `{response: {reply | action: {displayText, postback: {data}}}}`. */
export function answerOf(json: unknown): HeardContent | undefined {
  const response = recordOf(recordOf(json).response);
  const reply = asRecord(response.reply);
  if (reply !== undefined) {
    const data = asString(recordOf(reply.postback).data);
    const text = asString(reply.displayText) ?? data;
    return text === undefined ? undefined : { kind: 'reply', text, data };
  }
  const tapped = asRecord(response.action);
  if (tapped === undefined) return undefined;
  return { kind: 'action', text: asString(tapped.displayText), data: asString(recordOf(tapped.postback).data) };
}
