import { describe, expect, it } from 'vitest';
import { type Attachment, type Card, type EncodeContext, factTypes, type OutboundActivity } from '../contract/index.ts';
import type { LineSettings } from './config.ts';
import { prepare } from './encode.ts';
import type { Address, LineRequest } from './platform.ts';

const now = 1_790_000_000_000;
const media = (n: number) => `med_${String(n).padStart(32, '0')}`;
const link = (id: string) => `https://foyer.example/media/${id}`;
const settings: LineSettings = { channelSecret: 's', channelAccessToken: 't', groups: 'ignored' };

function encode(
  content: Omit<OutboundActivity, 'type' | 'from'>,
  options: { address?: Partial<Address>; settings?: Partial<LineSettings>; link?: EncodeContext['link'] } = {},
) {
  const { parts, losses } = prepare(
    { type: 'message', from: { role: 'agent', name: 'Ann' }, ...content },
    {
      settings: { ...settings, ...options.settings },
      conversation: { id: 'user:U1', address: { to: 'U1', kind: 'user', ...options.address } satisfies Address },
      now,
      link: options.link ?? link,
      key: (part) => `key-${part}`,
    },
  );
  const messages = parts.map(({ request }) => JSON.parse((request as LineRequest).messages));
  return { parts, losses, messages, all: messages.flat() };
}

const file = (contentType: string, content: object = {}, name = 'f'): Attachment => ({
  contentType,
  contentUrl: `media:${media(1)}`,
  name,
  content: { size: 1_000, ...content },
});
const card = (fields: Card): Attachment => ({ contentType: factTypes.card, content: fields });
const buy = { type: 'postBack', title: 'Buy', value: 'buy:1' } as const;
const look = { type: 'openUrl', title: 'Look', value: 'https://shop.example/1' } as const;
const ask = { type: 'imBack', title: 'Ask', value: 'What wood is it?' } as const;
const call = { type: 'call', title: 'Call', value: '+49 30 123 45' } as const;

describe('text', () => {
  it('is sent as it is, marks taken out', () => {
    const { parts, losses } = encode({ text: '**Hi** {you} <3', textFormat: 'markdown' });
    expect(parts).toEqual([
      {
        request: { messages: '[{"type":"text","text":"Hi {you} <3"}]', retryKey: 'key-0' },
        key: 'key-0',
        shows: { kind: 'text', text: 'Hi {you} <3' },
      },
    ]);
    expect(losses).toEqual([{ code: 'formatting-dropped' }]);
  });

  it('of more than 5,000 units goes as several messages, five to a request', () => {
    const { messages, losses, parts } = encode({ text: 'word '.repeat(6_000) });
    expect(messages.map((one) => one.length)).toEqual([5, 1]);
    expect(losses).toEqual([{ code: 'text-split', values: { parts: 6 } }]);
    expect(parts.map(({ key }) => key)).toEqual(['key-0', 'key-1']);
  });

  it('quotes where the quoted message came with a token, else says that it does not', () => {
    expect(encode({ text: 'Yes', target: 'm1', targetData: { quoteToken: 'q1' } }).all).toEqual([
      { type: 'text', text: 'Yes', quoteToken: 'q1' },
    ]);
    expect(encode({ text: 'Yes', target: 'm1' }).losses).toEqual([{ code: 'quote-dropped' }]);
    const picture = { attachments: [file('image/png')], target: 'm1', targetData: { quoteToken: 'q1' } };
    expect(encode(picture).losses).toEqual([{ code: 'quote-dropped' }]);
  });
});

describe('the reply token', () => {
  const reply = { token: 'r1', at: now - 49_000 };

  it('while fresh lets the first request be a reply, which has no key', () => {
    const { parts } = encode({ text: 'word '.repeat(6_000) }, { address: { reply } });
    expect(
      parts.map(({ key, request }) => [key, (request as LineRequest).reply, (request as LineRequest).retryKey]),
    ).toEqual([
      [undefined, true, 'key-0'],
      ['key-1', undefined, 'key-1'],
    ]);
    expect(JSON.stringify(parts)).not.toContain('r1');
  });

  it('is not tried when it is old', () => {
    const { parts } = encode({ text: 'Hi' }, { address: { reply: { ...reply, at: now - 50_000 } } });
    expect(parts[0]).toMatchObject({ key: 'key-0', request: { retryKey: 'key-0' } });
    expect(parts[0]?.request).not.toHaveProperty('reply');
  });
});

describe('files', () => {
  it.each([
    [file('image/jpeg'), { type: 'image', originalContentUrl: link(media(1)), previewImageUrl: link(media(1)) }],
    [
      file('audio/mp4', { duration: 3_200, voice: true }),
      { type: 'audio', originalContentUrl: link(media(1)), duration: 3_200 },
    ],
    [file('audio/mpeg', { size: 80_000 }), { type: 'audio', originalContentUrl: link(media(1)), duration: 10_000 }],
  ])('%o', (attachment, message) => {
    expect(encode({ attachments: [attachment] })).toMatchObject({ all: [message], losses: [] });
  });

  it('that are pictures of more than 1 MB go as flex messages, which need no smaller preview', () => {
    const { all } = encode({
      attachments: [file('image/png', { size: 3_000_000, width: 800, height: 600 }, 'room.png')],
    });
    expect(all).toMatchObject([
      {
        type: 'flex',
        altText: 'room.png',
        contents: {
          type: 'bubble',
          hero: { url: link(media(1)), aspectRatio: '800:600', action: { uri: link(media(1)) } },
        },
      },
    ]);
    const tall = encode({ attachments: [file('image/png', { size: 3_000_000, width: 100, height: 900 })] });
    expect(tall.all[0].contents.hero.aspectRatio).toBe('1:1');
  });

  it('that are videos need a picture to stand for them', () => {
    const video = file('video/mp4');
    expect(encode({ attachments: [video] }, { settings: { videoPreviewUrl: 'https://a.example/v.png' } }).all).toEqual([
      { type: 'video', originalContentUrl: link(media(1)), previewImageUrl: 'https://a.example/v.png' },
    ]);
    expect(encode({ attachments: [video] }).losses).toEqual([{ code: 'file-as-link', values: { name: 'f' } }]);
  });

  it.each([
    file('application/pdf'),
    file('image/gif'),
    file('image/webp', { sticker: true }),
    file('audio/ogg', { voice: true }),
    file('image/jpeg', { size: 10_000_001 }),
    file('audio/mp4', { size: 200_000_001 }),
  ])('LINE has no message for go as links: %o', (attachment) => {
    const { all, losses } = encode({ attachments: [attachment] });
    expect(all).toEqual([{ type: 'text', text: `f\n${link(media(1))}` }]);
    expect(losses).toEqual([{ code: 'file-as-link', values: { name: 'f' } }]);
  });

  it('with words go after them, stickers as pictures', () => {
    const { all, losses } = encode({ text: 'Look', attachments: [file('image/png', { sticker: true })] });
    expect(all.map(({ type }: { type: string }) => type)).toEqual(['text', 'image']);
    expect(losses).toEqual([{ code: 'sticker-as-picture' }, { code: 'caption-apart' }]);
  });

  it('without a public address of the server are not sent', () => {
    const { parts, losses } = encode({ text: 'Look', attachments: [file('image/png')] }, { link: () => undefined });
    expect(parts).toEqual([]);
    expect(losses).toEqual([{ code: 'no-public-address', blocks: true }]);
  });
});

describe('places, contacts and links', () => {
  it('are a location with all LINE asks for, and text', () => {
    const { all, losses } = encode({
      attachments: [
        { contentType: factTypes.location, content: { latitude: 35.65, longitude: 139.7, name: 'Shop' } },
        { contentType: factTypes.location, content: { latitude: 1, longitude: 2, address: 'x'.repeat(200) } },
        { contentType: factTypes.contact, content: { name: 'Ada', phones: ['+44 1'] } },
        { contentType: factTypes.link, content: { url: 'https://a.example', title: 'A' } },
      ],
    });
    expect(all).toEqual([
      { type: 'location', title: 'Shop', address: '35.65, 139.7', latitude: 35.65, longitude: 139.7 },
      { type: 'location', title: `${'x'.repeat(99)}…`, address: `${'x'.repeat(99)}…`, latitude: 1, longitude: 2 },
      { type: 'text', text: 'Ada\n+44 1' },
      { type: 'text', text: 'A\nhttps://a.example' },
    ]);
    expect(losses).toEqual([{ code: 'contact-as-text' }]);
  });
});

describe('quick replies', () => {
  it('hang on the last message, each kind as its action', () => {
    const actions = [buy, look, ask].map(({ type, title, value }) => ({ type, title, value }));
    const { all, losses } = encode({ text: 'Well?', attachments: [file('image/png')], suggestedActions: { actions } });
    expect(all[0].quickReply).toBeUndefined();
    expect(all[1].quickReply.items).toEqual([
      { type: 'action', action: { type: 'postback', label: 'Buy', data: 'foyer:Buy\nbuy:1', displayText: 'Buy' } },
      { type: 'action', action: { type: 'uri', label: 'Look', uri: 'https://shop.example/1' } },
      { type: 'action', action: { type: 'message', label: 'Ask', text: 'What wood is it?' } },
    ]);
    expect(losses).toEqual([{ code: 'caption-apart' }]);
  });

  it.each([
    ['too many', Array.from({ length: 14 }, (_, n) => ({ ...ask, title: `Answer ${n}` }))],
    ['a long title', [{ ...ask, title: 'x'.repeat(21) }]],
    ['a long value', [{ ...buy, value: 'v'.repeat(300) }]],
    ['no address', [{ ...look, value: 'javascript:alert(1)' }]],
  ])('that LINE cannot carry (%s) go as a list', (_, actions) => {
    const { all, losses } = encode({ text: 'Which?', suggestedActions: { actions } });
    expect(all[0].quickReply).toBeUndefined();
    expect(all[0].text.split('\n').slice(0, 2)).toEqual(['Which?', expect.stringMatching(/^1\. /)]);
    expect(losses).toEqual([{ code: 'buttons-as-list', values: { what: 'quick replies' } }]);
  });

  it('take titles of 20 characters as people count them', () => {
    const title = '👨‍👩‍👧‍👦'.repeat(20);
    const { all } = encode({ text: 'Who?', suggestedActions: { actions: [{ type: 'imBack', title, value: 'us' }] } });
    expect(all[0].quickReply.items[0].action).toEqual({ type: 'message', label: title, text: 'us' });
  });
});

describe('cards', () => {
  const image = { images: [{ url: `media:${media(2)}` }] };

  it('with two buttons and no picture are a confirmation', () => {
    expect(encode({ attachments: [card({ text: 'Cancel the order?', buttons: [buy, ask] })] }).all).toMatchObject([
      { type: 'template', altText: 'Cancel the order?', template: { type: 'confirm', text: 'Cancel the order?' } },
    ]);
  });

  it('with up to four buttons are a buttons template', () => {
    const content = {
      title: 'Chair',
      subtitle: 'Oak',
      text: 'Made to last',
      ...image,
      buttons: [buy, look, ask, call],
    };
    const { all, losses, parts } = encode({ attachments: [card(content)] });
    expect(all).toEqual([
      {
        type: 'template',
        altText: 'Chair',
        template: {
          type: 'buttons',
          thumbnailImageUrl: link(media(2)),
          title: 'Chair',
          text: 'Oak\nMade to last',
          actions: [
            { type: 'postback', label: 'Buy', data: 'foyer:Buy\nbuy:1', displayText: 'Buy' },
            { type: 'uri', label: 'Look', uri: 'https://shop.example/1' },
            { type: 'message', label: 'Ask', text: 'What wood is it?' },
            { type: 'uri', label: 'Call', uri: 'tel:+493012345' },
          ],
        },
      },
    ]);
    expect(losses).toEqual([]);
    expect(parts[0]?.shows).toEqual({ kind: 'card', text: 'Chair' });
  });

  it('with only a title have it as the text a template must have', () => {
    expect(encode({ attachments: [card({ title: 'Chair', buttons: [buy] })] }).all[0].template).toEqual({
      type: 'buttons',
      text: 'Chair',
      actions: [{ type: 'postback', label: 'Buy', data: 'foyer:Buy\nbuy:1', displayText: 'Buy' }],
    });
  });

  it.each([
    ['a long text', { title: 'Chair', text: 'x'.repeat(61), buttons: [buy] }],
    ['a long title', { title: 'x'.repeat(41), text: 'y', buttons: [buy] }],
    ['no button', { title: 'Chair', text: 'Oak' }],
    ['five buttons', { text: 'Oak', buttons: [buy, look, ask, call, buy] }],
  ])('that fit no template (%s) are flex messages', (_, content) => {
    const { all, losses } = encode({ attachments: [card(content)] });
    expect(all).toMatchObject([{ type: 'flex', contents: { type: 'bubble' } }]);
    expect(losses).toEqual([]);
  });

  it('with a button that LINE cannot carry have it in their words', () => {
    const { all, losses } = encode({
      attachments: [card({ title: 'Chair', buttons: [buy, { ...ask, title: 'x'.repeat(21) }] })],
    });
    expect(all[0].contents.body.contents.at(-1)).toMatchObject({ type: 'text', text: `1. ${'x'.repeat(21)}` });
    expect(all[0].contents.footer.contents).toHaveLength(1);
    expect(losses).toEqual([{ code: 'buttons-as-list', values: { what: 'buttons' } }]);
  });

  it('that are alike make a carousel template, others a flex carousel', () => {
    const one = { title: 'Chair', text: 'Oak', ...image, buttons: [buy, look] };
    const alike = encode({ text: 'Chairs', attachments: [card(one), card(one), card(one)] });
    expect(alike.all).toMatchObject([
      { type: 'text' },
      {
        type: 'template',
        altText: 'Chair, Chair, Chair',
        template: { type: 'carousel', columns: [{ title: 'Chair' }, {}, {}] },
      },
    ]);
    expect(alike.losses).toEqual([]);
    for (const other of [
      { ...one, buttons: [buy] },
      { text: 'Oak', ...image, buttons: [buy, look] },
      { ...one, images: [] },
    ]) {
      expect(encode({ attachments: [card(one), card(other)] }).all).toMatchObject([
        { type: 'flex', contents: { type: 'carousel', contents: [{ type: 'bubble' }, { type: 'bubble' }] } },
      ]);
    }
  });

  it('too large for one flex message go one by one, and the largest as text', () => {
    const long = card({ title: 'Chair', text: 'x'.repeat(30_000) });
    expect(encode({ attachments: [long, long] }).all.map(({ type }: { type: string }) => type)).toEqual([
      'flex',
      'flex',
    ]);
    const longest = encode({ attachments: [card({ title: 'Chair', text: '世'.repeat(20_000) })] });
    expect(longest.all.map(({ type }: { type: string }) => type)).toEqual(Array(5).fill('text'));
    expect(longest.losses).toEqual([{ code: 'card-as-text' }, { code: 'text-split', values: { parts: 5 } }]);
  });

  it('that say nothing are nothing to send', () => {
    expect(encode({ attachments: [card({})] })).toMatchObject({
      parts: [],
      losses: [{ code: 'nothing-to-send', blocks: true }],
    });
  });

  it('with a picture need a public address of the server', () => {
    expect(encode({ attachments: [card({ title: 'Chair', ...image })] }, { link: () => undefined })).toMatchObject({
      parts: [],
      losses: [{ code: 'no-public-address', blocks: true }],
    });
  });
});
