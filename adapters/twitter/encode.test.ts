import { describe, expect, it } from 'vitest';
import { type Attachment, type EncodeContext, factTypes, type OutboundActivity } from '../contract/index.ts';
import type { TwitterSettings } from './config.ts';
import { prepare } from './encode.ts';
import { settingsOf } from './fixtures/settings.ts';

const id = (digit: string) => `med_${digit.repeat(32)}`;

function context(changes: Partial<EncodeContext<TwitterSettings>> = {}): EncodeContext<TwitterSettings> {
  return {
    settings: settingsOf(),
    conversation: { id: 'user:17', address: { userId: '17' } },
    now: 0,
    link: (mediaId) => `https://files.example/${mediaId}`,
    key: (part) => `key-${part}`,
    ...changes,
  };
}

function message(changes: Partial<OutboundActivity>): OutboundActivity {
  return { type: 'message', from: { role: 'agent', name: 'Ann' }, ...changes };
}

const file = (contentType: string, digit: string, content: Attachment['content'] = { size: 1000 }): Attachment => ({
  contentType,
  contentUrl: `media:${id(digit)}`,
  name: `file-${digit}`,
  content,
});

const bodies = (activity: OutboundActivity, changes = {}) =>
  prepare(activity, context(changes)).parts.map(({ request }) => JSON.parse((request as { body: string }).body));

describe('text', () => {
  it('is one part with the exact request', () => {
    expect(prepare(message({ text: 'Yes, "three" left 🙂' }), context())).toEqual({
      parts: [
        {
          request: {
            method: 'POST',
            path: '/2/dm_conversations/with/17/messages',
            body: '{"text":"Yes, \\"three\\" left 🙂"}',
          },
          shows: { kind: 'text', text: 'Yes, "three" left 🙂' },
        },
      ],
      losses: [],
    });
  });

  it('goes to a group by its conversation', () => {
    const conversation = { id: 'group:158', address: { conversationId: '158' } };
    const { parts } = prepare(message({ text: 'hi' }), context({ conversation }));
    expect(parts[0]?.request).toMatchObject({ path: '/2/dm_conversations/158/messages' });
  });

  it('loses its marks', () => {
    const activity = message({ text: 'That is **new**: [here](https://e.example/a)', textFormat: 'markdown' });
    expect(bodies(activity)).toEqual([{ text: 'That is new: here (https://e.example/a)' }]);
    expect(prepare(activity, context()).losses).toEqual([{ code: 'formatting-dropped' }]);
  });

  it('longer than a message goes as several, none longer than 10,000 units', () => {
    const activity = message({ text: 'word 🙂 '.repeat(3000) });
    const texts = bodies(activity).map(({ text }: { text: string }) => text);
    expect(texts.length).toBe(3);
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(10_000);
    expect(texts.join(' ').trim()).toBe(activity.text?.trim());
    expect(prepare(activity, context()).losses).toEqual([{ code: 'text-split', values: { parts: 3 } }]);
  });
});

describe('files', () => {
  it.each([
    ['image/jpeg', 1000, 'dm_image'],
    ['image/png', 5_000_000, 'dm_image'],
    ['image/webp', 1000, 'dm_image'],
    ['image/gif', 15_000_000, 'dm_gif'],
    ['video/mp4', 512_000_000, 'dm_video'],
  ])('%s of %i bytes is uploaded as %s', (type, size, use) => {
    const { parts, losses } = prepare(message({ attachments: [file(type, 'a', { size })] }), context());
    expect(parts).toMatchObject([
      {
        request: { body: '{"attachments":[{"media_id":"{{media:0}}"}]}' },
        media: [{ mediaId: id('a'), use }],
        shows: { kind: use === 'dm_video' ? 'video' : 'image' },
      },
    ]);
    expect(losses).toEqual([]);
  });

  it.each([
    ['image/tiff', 1000],
    ['image/jpeg', 5_000_001],
  ])('%s of %i bytes is made into a JPEG that X takes', (type, size) => {
    const { parts, losses } = prepare(message({ attachments: [file(type, 'a', { size })] }), context());
    expect(parts[0]?.media).toEqual([
      { mediaId: id('a'), use: 'dm_image', form: { contentType: 'image/jpeg', maxBytes: 5_000_000 } },
    ]);
    expect(losses).toEqual([{ code: 'file-converted', values: { name: 'file-a', from: type, to: 'image/jpeg' } }]);
  });

  it.each([
    ['application/pdf', 1000],
    ['audio/ogg', 1000],
    ['video/webm', 1000],
    ['image/svg+xml', 1000],
    ['image/gif', 15_000_001],
    ['video/mp4', 512_000_001],
  ])('%s of %i bytes goes as a link', (type, size) => {
    const activity = message({ text: 'Here:', attachments: [file(type, 'b', { size })] });
    expect(bodies(activity)).toEqual([{ text: `Here:\nfile-b\nhttps://files.example/${id('b')}` }]);
    expect(prepare(activity, context()).losses).toEqual([{ code: 'file-as-link', values: { name: 'file-b' } }]);
  });

  it('that need a link block the message where the server has no public address', () => {
    const activity = message({ text: 'Here:', attachments: [file('application/pdf', 'b')] });
    expect(prepare(activity, context({ link: () => undefined }))).toEqual({
      parts: [],
      losses: [{ code: 'no-public-address', blocks: true }],
    });
  });

  it('go one to a message, the first with the words', () => {
    const attachments = [file('image/png', 'a'), file('video/mp4', 'b'), file('image/gif', 'c')];
    const { parts } = prepare(message({ text: 'Look', attachments }), context());
    expect(parts.map(({ media }) => media?.[0]?.mediaId)).toEqual([id('a'), id('b'), id('c')]);
    expect(parts.map(({ shows }) => shows)).toEqual([
      { kind: 'image', text: 'Look' },
      { kind: 'video' },
      { kind: 'image' },
    ]);
  });

  it('that are stickers go as pictures', () => {
    const activity = message({ attachments: [file('image/webp', 'a', { size: 10, sticker: true })] });
    expect(prepare(activity, context()).losses).toEqual([{ code: 'sticker-as-picture' }]);
  });
});

describe('everything else becomes words', () => {
  it('quick replies: a numbered list', () => {
    const actions = [
      { type: 'imBack' as const, title: 'Red', value: 'RED' },
      { type: 'openUrl' as const, title: 'Shop', value: 'https://shop.example' },
    ];
    const activity = message({ text: 'Which?', suggestedActions: { actions } });
    expect(bodies(activity)).toEqual([{ text: 'Which?\n1. Red\n2. Shop: https://shop.example' }]);
    expect(prepare(activity, context()).losses).toEqual([
      { code: 'buttons-as-list', values: { what: 'quick replies' } },
    ]);
  });

  it('a card: its words, with its picture', () => {
    const card: Attachment = {
      contentType: factTypes.card,
      content: {
        title: 'Teapot',
        text: '12 €',
        images: [{ url: `media:${id('d')}` }],
        buttons: [{ type: 'postBack', title: 'Buy', value: 'b1' }],
      },
    };
    const { parts, losses } = prepare(message({ attachments: [card] }), context());
    expect(parts).toMatchObject([
      { shows: { kind: 'image', text: 'Teapot\n12 €\n1. Buy' }, media: [{ mediaId: id('d'), use: 'dm_image' }] },
    ]);
    expect(losses.map(({ code }) => code)).toEqual(['card-as-text']);
  });

  it.each([
    [factTypes.location, { latitude: 40.5, longitude: -105.25, name: 'Shop' }, 'location-as-link', /^Shop\n.*40\.5/],
    [factTypes.contact, { name: 'Ann', phones: ['+49 30 1'] }, 'contact-as-text', /^Ann\n\+49 30 1$/],
    [factTypes.link, { url: 'https://e.example/', title: 'Example' }, undefined, /^Example\nhttps:\/\/e.example\/$/],
    [factTypes.template, { name: 'n', values: {}, text: 'Your order is there' }, undefined, /^Your order is there$/],
  ])('%s', (contentType, content, loss, expected) => {
    const activity = message({ attachments: [{ contentType, content }] });
    expect(bodies(activity)[0].text).toMatch(expected);
    expect(prepare(activity, context()).losses.map(({ code }) => code)).toEqual(loss === undefined ? [] : [loss]);
  });
});

describe('what X cannot carry', () => {
  it('a quote is dropped and the words go', () => {
    const { parts, losses } = prepare(message({ text: 'Yes', target: '99' }), context());
    expect(parts).toHaveLength(1);
    expect(losses).toEqual([{ code: 'quote-dropped' }]);
  });

  it.each([
    [message({ type: 'messageReaction', value: { added: ['👍'] }, target: '99' }), 'reaction-dropped'],
    [message({ type: 'messageDelete', target: '99' }), 'deletion-not-possible'],
    [message({}), 'nothing-to-send'],
    [message({ text: ' \n ' }), 'nothing-to-send'],
    [
      message({ attachments: [{ contentType: factTypes.template, content: { name: 'n', values: {} } }] }),
      'template-invalid',
    ],
  ])('is not sent, and said: %#', (activity, code) => {
    const { parts, losses } = prepare(activity, context());
    expect(parts).toEqual([]);
    expect(losses[0]).toMatchObject({ code, blocks: true });
  });
});
