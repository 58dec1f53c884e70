import { describe, expect, it } from 'vitest';
import { type Attachment, type EncodeContext, factTypes, type OutboundActivity } from '../contract/index.ts';
import { settings, type WhatsappWebSettings } from './config.ts';
import { prepare } from './encode.ts';

const id = (digit: string) => `med_${digit.repeat(32)}`;
const chatId = '4917222@c.us';

function context(changes: Partial<EncodeContext<WhatsappWebSettings>> = {}): EncodeContext<WhatsappWebSettings> {
  return {
    settings: settings.parse({}),
    conversation: { id: `user:${chatId}`, address: { chatId } },
    now: 0,
    link: (mediaId) => `https://files.example/${mediaId}`,
    key: (part) => `key-${part}`,
    ...changes,
  };
}

const message = (changes: Partial<OutboundActivity>): OutboundActivity => ({
  type: 'message',
  from: { role: 'agent' },
  ...changes,
});
const file = (contentType: string, digit: string, content: object = {}): Attachment => ({
  contentType,
  contentUrl: `media:${id(digit)}`,
  name: `file-${digit}`,
  content: { size: 1000, ...content },
});
const requests = (activity: OutboundActivity) => prepare(activity, context()).parts.map(({ request }) => request);

it('a text is one thing to do', () => {
  expect(prepare(message({ text: 'Yes' }), context())).toEqual({
    parts: [{ request: { do: 'send', chatId, text: 'Yes' }, shows: { kind: 'text', text: 'Yes' } }],
    losses: [],
  });
});

it('a long text goes as several, with the quote at the first', () => {
  const { parts, losses } = prepare(message({ text: 'word '.repeat(1500), target: 'false_4917222@c.us_1' }), context());
  expect(parts).toHaveLength(2);
  expect(parts.map(({ request }) => (request as { quote?: string }).quote)).toEqual([
    'false_4917222@c.us_1',
    undefined,
  ]);
  expect(losses).toEqual([{ code: 'text-split', values: { parts: 2 } }]);
});

describe('files', () => {
  it.each([
    ['image/jpeg', {}, 'media', 'image'],
    ['image/png', {}, 'media', 'image'],
    ['image/gif', {}, 'document', 'file'],
    ['image/webp', { sticker: true }, 'sticker', 'image'],
    ['image/png', { sticker: true }, 'media', 'image'],
    ['video/mp4', {}, 'media', 'video'],
    ['video/webm', {}, 'document', 'file'],
    ['audio/mpeg', {}, 'media', 'audio'],
    ['audio/webm', { voice: true }, 'voice', 'audio'],
    ['application/pdf', {}, 'document', 'file'],
    ['image/jpeg', { size: 16_000_001 }, 'document', 'file'],
    ['video/mp4', { size: 64_000_000 }, 'document', 'file'],
  ])('%s %j goes as %s', (type, facts, as, kind) => {
    const { parts, losses } = prepare(message({ attachments: [file(type, 'a', facts)] }), context());
    expect(parts).toMatchObject([
      { request: { do: 'send', chatId, as, name: 'file-a' }, media: [{ mediaId: id('a'), use: as }], shows: { kind } },
    ]);
    expect(losses).toEqual([]);
  });

  it('a voice note is made into what WhatsApp plays', () => {
    const { parts } = prepare(message({ attachments: [file('audio/webm', 'a', { voice: true })] }), context());
    expect(parts[0]?.media?.[0]?.form).toMatchObject({ contentType: 'audio/ogg' });
  });

  it('what is too large for the browser goes as a link', () => {
    const activity = message({ attachments: [file('video/mp4', 'a', { size: 64_000_001 })] });
    expect(requests(activity)).toEqual([{ do: 'send', chatId, text: `file-a\nhttps://files.example/${id('a')}` }]);
    expect(prepare(activity, context({ link: () => undefined }))).toEqual({
      parts: [],
      losses: [{ code: 'no-public-address', blocks: true }],
    });
  });

  it('the first carries the words', () => {
    const activity = message({ text: 'Look', attachments: [file('image/png', 'a'), file('image/png', 'b')] });
    expect(requests(activity)).toMatchObject([{ as: 'media', caption: 'Look' }, { as: 'media' }]);
    expect(requests(activity)[1]).not.toHaveProperty('caption');
  });

  it.each([
    ['longer than a caption', 'word '.repeat(300), file('image/png', 'a')],
    ['beside audio', 'Listen', file('audio/mpeg', 'a')],
    ['beside a sticker', 'Hi', file('image/webp', 'a', { sticker: true })],
  ])('words %s go on their own', (_what, text, attachment) => {
    const { parts, losses } = prepare(message({ text, attachments: [attachment] }), context());
    expect(parts.map(({ shows }) => shows.kind)).toEqual(['text', parts[1]?.shows.kind]);
    expect(losses).toEqual([{ code: 'caption-apart' }]);
  });
});

describe('facts', () => {
  it('a place', () => {
    const content = { latitude: 52.5, longitude: 13.4, name: 'Shop', address: 'Street 1' };
    expect(requests(message({ attachments: [{ contentType: factTypes.location, content }] }))).toEqual([
      { do: 'send', chatId, location: content },
    ]);
  });

  it('a contact', () => {
    const [request] = requests(
      message({ attachments: [{ contentType: factTypes.contact, content: { name: 'Ada', phones: ['+44 1'] } }] }),
    );
    expect(request).toMatchObject({
      do: 'send',
      vcard: expect.stringMatching(/^BEGIN:VCARD\n[\s\S]*TEL;type=CELL;waid=441:\+44 1/),
    });
  });

  it('quick replies and cards: words', () => {
    const card: Attachment = {
      contentType: factTypes.card,
      content: {
        title: 'Teapot',
        images: [{ url: `media:${id('d')}` }],
        buttons: [{ type: 'imBack', title: 'Buy', value: 'b' }],
      },
    };
    const actions = [{ type: 'imBack' as const, title: 'Yes', value: 'y' }];
    const { parts, losses } = prepare(message({ attachments: [card], suggestedActions: { actions } }), context());
    expect(parts).toMatchObject([
      { request: { as: 'media', caption: 'Teapot\n1. Buy\n1. Yes' }, media: [{ mediaId: id('d') }] },
    ]);
    expect(losses.map(({ code }) => code)).toEqual(['card-as-text', 'buttons-as-list']);
  });
});

describe('other than messages', () => {
  const target = 'true_4917222@c.us_3EB0';

  it.each([
    [
      { type: 'messageReaction', target, value: { added: ['👍'] } },
      { do: 'react', messageId: target, emoji: '👍' },
    ],
    [
      { type: 'messageReaction', target, value: { removed: ['👍'] } },
      { do: 'react', messageId: target, emoji: '' },
    ],
    [
      { type: 'messageDelete', target },
      { do: 'delete', messageId: target },
    ],
  ] as const)('%j', (activity, request) => {
    expect(requests({ from: { role: 'agent' }, ...activity })).toEqual([request]);
  });

  it.each([
    [message({ type: 'messageReaction', value: { added: ['👍'] } }), 'reaction-dropped'],
    [message({ type: 'messageDelete' }), 'deletion-not-possible'],
    [message({}), 'nothing-to-send'],
    [message({ text: '  ' }), 'nothing-to-send'],
    [message({ type: 'event' }), 'nothing-to-send'],
  ])('%# cannot be sent, and it is said why', (activity, code) => {
    expect(prepare(activity, context())).toEqual({ parts: [], losses: [{ code, blocks: true }] });
  });
});
