import { joinLines } from '../../kit/degrade.ts';
import { writeGeo } from '../geo.ts';
import type { Outgoing } from '../model.ts';
import { cardsJson, suggestionJson } from './gsma.ts';
import type { MediaFacts, MediaList } from './request.ts';

/** A message for China's networks: its content, and chips beside it. Plain JSON, with markers for files. */
export type Section =
  | { kind: 'text'; text: string }
  | { kind: 'card'; json: unknown }
  | { kind: 'chips'; json: unknown }
  | { kind: 'file'; facts: unknown };

export function sectionsOf(message: Outgoing, list: MediaList): Section[] {
  const chips: Section[] =
    message.suggestions.length === 0
      ? []
      : [{ kind: 'chips', json: { suggestions: message.suggestions.map(suggestionJson) } }];
  return [contentOf(message, list), ...chips];
}

function contentOf(message: Outgoing, list: MediaList): Section {
  switch (message.kind) {
    case 'text':
      return { kind: 'text', text: message.text };
    case 'location':
      return { kind: 'text', text: writeGeo(message) };
    case 'cards':
      return { kind: 'card', json: cardsJson(message.cards, list) };
    case 'file': {
      const { source, name } = message.file;
      const facets: (keyof MediaFacts)[] = [
        'url',
        'contentType',
        'size',
        'until',
        'thumbnailUrl',
        'thumbnailType',
        'thumbnailSize',
      ];
      const facts = Object.fromEntries(facets.map((facet) => [facet, list.refer(source, facet)]));
      return { kind: 'file', facts: { ...facts, name } };
    }
  }
}

/** The same in words, for phones that get an SMS instead. */
export function wordsOf(message: Outgoing): string {
  const chips = message.suggestions.map((chip) => (chip.kind === 'url' ? `${chip.title}: ${chip.url}` : chip.title));
  switch (message.kind) {
    case 'text':
      return joinLines([message.text, ...chips]);
    case 'location':
      return joinLines([message.name, `${message.latitude},${message.longitude}`, ...chips]);
    case 'file':
      return joinLines([`[${message.file.name}]`, ...chips]);
    case 'cards':
      return joinLines([...message.cards.flatMap(({ title, text }) => [title, text]), ...chips]);
  }
}
