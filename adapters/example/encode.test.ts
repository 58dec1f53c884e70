import { describe, expect, it } from 'vitest';
import { factTypes, type OutboundActivity } from '../contract/index.ts';
import { prepare } from './encode.ts';

const mediaId = `med_${'0'.repeat(32)}`;

function encode(
  activity: Partial<OutboundActivity>,
  link = (id: string): string | undefined => `https://foyer.example/${id}`,
) {
  const { parts, losses } = prepare(
    { type: 'message', from: { role: 'agent', name: 'Ann' }, ...activity },
    {
      settings: { address: 'https://chat.example/foyer', secret: 's'.repeat(32) },
      conversation: { id: 'thread:c-1', address: { conversation: 'c-1' } },
      now: 0,
      link,
      key: (part) => `key-${part}`,
    },
  );
  return {
    losses,
    keys: parts.map(({ key }) => key),
    sent: parts.map(({ request }) => JSON.parse((request as { body: string }).body)),
  };
}

describe('a message to another system', () => {
  it('is one request with words, files, replies and a quote', () => {
    const found = encode({
      text: 'Look',
      target: 'm-17',
      attachments: [{ contentType: 'image/png', contentUrl: `media:${mediaId}`, name: 'plan.png' }],
      suggestedActions: { actions: [{ type: 'imBack', title: 'Yes', value: 'yes' }] },
    });
    expect(found).toEqual({
      losses: [],
      keys: ['key-0'],
      sent: [
        {
          type: 'message',
          conversation: 'c-1',
          text: 'Look',
          from: 'Ann',
          quotes: 'm-17',
          files: [{ url: `https://foyer.example/${mediaId}`, type: 'image/png', name: 'plan.png' }],
          replies: [{ title: 'Yes', value: 'yes' }],
        },
      ],
    });
  });

  it('of great length is several, the first with the quote and the last with the rest', () => {
    const { sent, losses, keys } = encode({
      text: 'word '.repeat(5_000),
      target: 'm-17',
      suggestedActions: { actions: [{ type: 'imBack', title: 'Yes', value: 'yes' }] },
    });
    expect(keys).toEqual(['key-0', 'key-1', 'key-2']);
    expect(sent.map(({ quotes, replies }) => [quotes, replies?.length])).toEqual([
      ['m-17', undefined],
      [undefined, undefined],
      [undefined, 1],
    ]);
    expect(losses).toEqual([{ code: 'text-split', values: { parts: 3 } }]);
  });

  it('says in words what the format does not have', () => {
    const { sent, losses } = encode({
      attachments: [{ contentType: factTypes.contact, content: { name: 'Ada' } }],
      suggestedActions: { actions: [{ type: 'openUrl', title: 'Terms', value: 'https://a.example' }] },
    });
    expect(sent[0].text).toBe('Ada\n1. Terms: https://a.example');
    expect(losses.map(({ code }) => code)).toEqual(['contact-as-text', 'buttons-as-list']);
  });

  it('can be a reaction, or a message taken back', () => {
    expect(encode({ type: 'messageReaction', target: 'm-1', value: { added: ['👍'] } }).sent).toEqual([
      { type: 'reaction', conversation: 'c-1', message: 'm-1', added: ['👍'], removed: [] },
    ]);
    expect(encode({ type: 'messageDelete', target: 'm-1' }).sent).toEqual([
      { type: 'deletion', conversation: 'c-1', message: 'm-1' },
    ]);
  });
});
