import type { Part } from '../../contract/index.ts';
import type { Outgoing } from '../model.ts';

/** What the composer's preview says of one message, chips included. */
export function showsOf(message: Outgoing): Part['shows'] {
  const chips = message.suggestions.map(({ title }) => `[${title}]`);
  const lines = (texts: readonly (string | undefined)[]) => {
    const text = [...texts, chips.join(' ')].filter((line) => line !== undefined && line !== '').join('\n');
    return text === '' ? {} : { text };
  };
  switch (message.kind) {
    case 'text':
      return { kind: 'text', ...lines([message.text]) };
    case 'file': {
      const { kind, name } = message.file;
      const shown = kind === 'sticker' ? 'image' : kind === 'voice' ? 'audio' : kind;
      return { kind: shown, ...lines([name]) };
    }
    case 'cards':
      return {
        kind: 'card',
        ...lines(
          message.cards.flatMap(({ title, text, buttons }) => [
            title,
            text,
            buttons.map((one) => `[${one.title}]`).join(' '),
          ]),
        ),
      };
    case 'location':
      return { kind: 'other', ...lines([message.name ?? `${message.latitude}, ${message.longitude}`]) };
  }
}
