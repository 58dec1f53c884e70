import { describe, expect, it } from 'vitest';
import { type Card, type EncodeContext, factTypes, type OutboundActivity } from '../contract/index.ts';
import type { FacebookSettings } from './config.ts';
import { prepare } from './encode.ts';
import { instagramSettings, settings } from './fixtures/settings.ts';
import type { SendRequest } from './platform.ts';

const now = 1_790_000_000_000;
const hour = 3_600_000;
const media = (n: number) => `med_${String(n).padStart(32, '0')}`;

const contextOf = (more: Partial<EncodeContext<FacebookSettings>> = {}): EncodeContext<FacebookSettings> => ({
  settings,
  conversation: { id: 'user:7', address: { id: '7' }, window: { until: now + hour } },
  now,
  link: (mediaId) => `https://foyer.example/m/${mediaId}`,
  key: (part) => `key-${part}`,
  ...more,
});
const message = (fields: Partial<OutboundActivity>): OutboundActivity => ({
  type: 'message',
  from: { role: 'agent', name: 'Ann' },
  ...fields,
});
const file = (contentType: string, content: object = {}, name = 'f') => ({
  contentType,
  contentUrl: `media:${media(1)}`,
  name,
  content: { size: 20_000, ...content },
});
const cardOf = (content: Card) => ({ contentType: factTypes.card, content });

/** What the platform gets, without what every message has. */
const sent = (activity: OutboundActivity, context = contextOf()) => {
  const { parts, losses } = prepare(activity, context);
  const bodies = parts.map(({ request }) => JSON.parse((request as SendRequest).body));
  return { parts, losses: losses.map(({ code }) => code), messages: bodies.map(({ message: one }) => one), bodies };
};
const codes = (activity: OutboundActivity, context = contextOf()) => prepare(activity, context).losses;

describe('a message to Messenger', () => {
  it('is one request, whose metadata brings its key back in the echo', () => {
    const { parts, losses } = prepare(message({ text: 'Hi' }), contextOf());
    expect(losses).toEqual([]);
    expect(parts).toEqual([
      {
        request: {
          method: 'POST',
          path: '/v25.0/102290129340398/messages',
          body: '{"recipient":{"id":"7"},"messaging_type":"RESPONSE","message":{"text":"Hi","metadata":"foyer:key-0"}}',
        },
        shows: { kind: 'text', text: 'Hi' },
      },
    ]);
  });

  it('quotes when someone chose to, with the first part', () => {
    const { bodies } = sent(message({ text: 'a'.repeat(2_001), target: 'm_theirs' }));
    expect(bodies.map(({ reply_to }) => reply_to)).toEqual([{ mid: 'm_theirs' }, undefined]);
  });

  it('is split at 2,000 UTF-16 units, Instagram at 1,000 bytes', () => {
    expect(sent(message({ text: 'a'.repeat(2_000) }))).toMatchObject({ losses: [], messages: [{}] });
    expect(codes(message({ text: 'a'.repeat(2_001) }))).toEqual([{ code: 'text-split', values: { parts: 2 } }]);
    const instagram = contextOf({ settings: instagramSettings });
    expect(sent(message({ text: 'ä'.repeat(500) }), instagram).messages).toHaveLength(1);
    expect(sent(message({ text: 'ä'.repeat(501) }), instagram).messages).toHaveLength(2);
  });

  it('loses its markdown', () => {
    expect(sent(message({ text: '**Hi** you', textFormat: 'markdown' }))).toMatchObject({
      losses: ['formatting-dropped'],
      messages: [{ text: 'Hi you' }],
    });
  });

  it.each([
    ['image/png', {}, 'image', undefined],
    ['image/gif', {}, 'image', undefined],
    ['image/webp', {}, 'image', { contentType: 'image/jpeg', maxBytes: 8_000_000 }],
    ['image/png', { size: 9_000_000 }, 'image', { contentType: 'image/jpeg', maxBytes: 8_000_000 }],
    ['image/webp', { sticker: true }, 'image', { contentType: 'image/jpeg', maxBytes: 8_000_000 }],
    ['audio/mp4', { voice: true }, 'audio', undefined],
    ['audio/webm', { voice: true }, 'audio', { contentType: 'audio/mp4', maxBytes: 25_000_000 }],
    ['audio/mpeg', {}, 'audio', undefined],
    ['video/mp4', {}, 'video', undefined],
    ['video/x-matroska', {}, 'file', undefined],
    ['application/pdf', {}, 'file', undefined],
    ['image/svg+xml', {}, 'file', undefined],
  ] as const)('with a file of %s %o uploads it as %s', (contentType, content, type, form) => {
    const { parts, messages, losses } = sent(message({ attachments: [file(contentType, content)] }));
    expect(messages).toEqual([
      { attachment: { type, payload: { attachment_id: '{{media:0}}' } }, metadata: 'foyer:key-0' },
    ]);
    expect(parts[0]?.media).toEqual([{ mediaId: media(1), use: type, ...(form === undefined ? {} : { form }) }]);
    expect(losses.includes('file-converted')).toBe(form !== undefined);
    expect(losses.includes('sticker-as-picture')).toBe('sticker' in content);
  });

  it('with words and a file is two messages, and says so', () => {
    expect(sent(message({ text: 'See', attachments: [file('image/png')] }))).toMatchObject({
      losses: ['caption-apart'],
      messages: [{ text: 'See' }, { attachment: { type: 'image' } }],
    });
  });

  it('with a file larger than 25 MB sends a link; without a public address nothing', () => {
    const large = message({ attachments: [file('video/mp4', { size: 26_000_000 }, 'room.mp4')] });
    expect(sent(large)).toMatchObject({
      losses: ['file-as-link'],
      messages: [{ text: `room.mp4\nhttps://foyer.example/m/${media(1)}` }],
    });
    expect(prepare(large, contextOf({ link: () => undefined }))).toEqual({
      parts: [],
      losses: [{ code: 'no-public-address', blocks: true }],
    });
  });

  it('sends Instagram PDF files only; others go as a link', () => {
    const instagram = contextOf({ settings: instagramSettings });
    expect(sent(message({ attachments: [file('application/pdf')] }), instagram).messages[0]).toHaveProperty(
      'attachment',
    );
    expect(sent(message({ attachments: [file('application/zip')] }), instagram).losses).toEqual(['file-as-link']);
  });

  it('has quick replies with its last message', () => {
    const actions = [
      { type: 'imBack' as const, title: 'Red', value: 'RED' },
      { type: 'postBack' as const, title: 'Blue', value: 'BLUE' },
    ];
    const { messages, losses } = sent(
      message({ text: 'Pick', attachments: [file('image/png')], suggestedActions: { actions } }),
    );
    expect(losses).toEqual(['caption-apart']);
    expect(messages[0]).not.toHaveProperty('quick_replies');
    expect(messages[1].quick_replies).toEqual([
      { content_type: 'text', title: 'Red', payload: 'RED' },
      { content_type: 'text', title: 'Blue', payload: 'BLUE' },
    ]);
  });

  it('turns quick replies that do not fit into a numbered list', () => {
    const many = Array.from({ length: 14 }, (_, n) => ({ type: 'imBack' as const, title: `No ${n}`, value: `${n}` }));
    expect(sent(message({ text: 'Pick', suggestedActions: { actions: many } }))).toMatchObject({
      losses: ['buttons-as-list'],
      messages: [{ text: expect.stringMatching(/^Pick\n1\. No 0\n[\s\S]*14\. No 13$/) }],
    });
    const long = [{ type: 'imBack' as const, title: 'x'.repeat(21), value: 'x' }];
    expect(sent(message({ text: 'Pick', suggestedActions: { actions: long } })).losses).toContain('buttons-as-list');
    const without = [{ type: 'imBack' as const, title: 'Yes', value: 'y' }];
    expect(sent(message({ suggestedActions: { actions: without } })).messages).toMatchObject([{ text: '1. Yes' }]);
  });

  it('makes buttons of quick replies that open an address', () => {
    const actions = [
      { type: 'openUrl' as const, title: 'Terms', value: 'https://shop.example/terms' },
      { type: 'postBack' as const, title: 'Yes', value: 'Y' },
    ];
    expect(sent(message({ text: 'Go?', suggestedActions: { actions } })).messages[0].attachment).toEqual({
      type: 'template',
      payload: {
        template_type: 'button',
        text: 'Go?',
        buttons: [
          { type: 'web_url', url: 'https://shop.example/terms', title: 'Terms' },
          { type: 'postback', payload: 'Y', title: 'Yes' },
        ],
      },
    });
  });

  it('shows cards side by side, ten to a message', () => {
    const cards = Array.from({ length: 11 }, (_, n) =>
      cardOf({
        title: `Chair ${n}`,
        subtitle: 'Oak',
        images: [{ url: `media:${media(n)}` }],
        buttons: [{ type: 'call', title: 'Call', value: '+49 (30) 123-45' }],
      }),
    );
    const { messages, losses } = sent(message({ attachments: cards }));
    expect(losses).toEqual([]);
    expect(messages.map(({ attachment }) => attachment.payload.elements.length)).toEqual([10, 1]);
    expect(messages[0].attachment.payload.elements[0]).toEqual({
      title: 'Chair 0',
      subtitle: 'Oak',
      image_url: `https://foyer.example/m/${media(0)}`,
      buttons: [{ type: 'phone_number', payload: '+493012345', title: 'Call' }],
    });
  });

  it('shows a card without picture with its whole text, one with a longer text and a picture as both', () => {
    const buttons = [{ type: 'postBack' as const, title: 'Buy', value: 'B' }];
    const plain = sent(message({ attachments: [cardOf({ title: 'Chair', text: 'x'.repeat(200), buttons })] }));
    expect(plain.messages[0].attachment.payload).toMatchObject({
      template_type: 'button',
      text: `Chair\n${'x'.repeat(200)}`,
    });
    const picture = { images: [{ url: `media:${media(3)}` }] };
    const both = sent(
      message({ attachments: [cardOf({ title: 'Chair', text: 'x'.repeat(200), buttons, ...picture })] }),
    );
    expect(both.messages).toMatchObject([
      { attachment: { type: 'image' } },
      { attachment: { payload: { template_type: 'button' } } },
    ]);
    expect(both.parts[0]?.media).toEqual([
      { mediaId: media(3), use: 'image', form: { contentType: 'image/jpeg', maxBytes: 8_000_000 } },
    ]);
  });

  it('says a card in words when it has four buttons, and sends its picture', () => {
    const buttons = ['a', 'b', 'c', 'd'].map((title) => ({ type: 'postBack' as const, title, value: title }));
    const found = sent(
      message({ attachments: [cardOf({ title: 'Chair', buttons, images: [{ url: `media:${media(3)}` }] })] }),
    );
    expect(found.losses).toContain('card-as-text');
    expect(found.messages).toMatchObject([
      { text: 'Chair\n1. a\n2. b\n3. c\n4. d' },
      { attachment: { type: 'image' } },
    ]);
  });

  it("sends a card's picture before it where Meta cannot fetch it from us", () => {
    const card = cardOf({ title: 'Chair', subtitle: 'Oak', images: [{ url: `media:${media(3)}` }] });
    const found = sent(message({ attachments: [card] }), contextOf({ link: () => undefined }));
    expect(found.losses).toEqual(['no-public-address']);
    expect(found.messages).toMatchObject([
      { attachment: { type: 'image' } },
      { attachment: { payload: { elements: [{ title: 'Chair', subtitle: 'Oak' }] } } },
    ]);
    expect(JSON.stringify(found.messages)).not.toContain('image_url');
  });

  it.each([
    ['an address that is none', { type: 'openUrl' as const, title: 'Write', value: 'mailto:a@b.example' }],
    ['a number that is none', { type: 'call' as const, title: 'Call', value: '110' }],
    ['no answer', { type: 'postBack' as const, title: 'Yes', value: ' ' }],
    ['a long title', { type: 'postBack' as const, title: 'x'.repeat(21), value: 'x' }],
  ])('says a card in words whose button has %s', (_, button) => {
    const found = sent(message({ attachments: [cardOf({ title: 'Shop', subtitle: 'Open', buttons: [button] })] }));
    expect(found.losses).toEqual(['card-as-text']);
  });

  it('has no phone buttons on Instagram', () => {
    const card = cardOf({
      title: 'Shop',
      subtitle: 'Open',
      buttons: [{ type: 'call', title: 'Call', value: '+4930' }],
    });
    expect(sent(message({ attachments: [card] }), contextOf({ settings: instagramSettings }))).toMatchObject({
      losses: ['card-as-text'],
      messages: [{ text: 'Shop\nOpen\n1. Call: +4930' }],
    });
  });

  it.each([
    [
      'a place',
      { contentType: factTypes.location, content: { latitude: 1, longitude: 2 } },
      'location-as-link',
      'https://www.openstreetmap.org/?mlat=1&mlon=2#map=17/1/2',
    ],
    [
      'a contact',
      { contentType: factTypes.contact, content: { name: 'Ada', phones: ['+44'] } },
      'contact-as-text',
      'Ada\n+44',
    ],
    [
      'a link',
      { contentType: factTypes.link, content: { url: 'https://a.example', title: 'A' } },
      undefined,
      'A\nhttps://a.example',
    ],
    [
      'a template',
      { contentType: factTypes.template, content: { name: 'x', values: {}, text: 'Shipped' } },
      undefined,
      'Shipped',
    ],
  ])('says %s in words', (_, attachment, loss, text) => {
    expect(sent(message({ attachments: [attachment] }))).toMatchObject({
      losses: loss === undefined ? [] : [loss],
      messages: [{ text }],
    });
  });

  it('goes to the reference of somebody who only ticked a box', () => {
    const conversation = { id: 'user:ref:r', address: { user_ref: 'r' } };
    expect(sent(message({ text: 'Hi' }), contextOf({ conversation })).bodies[0].recipient).toEqual({ user_ref: 'r' });
  });

  it('with nothing in it, taken back, or of another type is not sent', () => {
    expect(codes(message({ text: ' ' }))).toEqual([{ code: 'nothing-to-send', blocks: true }]);
    expect(codes({ type: 'messageDelete', from: { role: 'agent' }, target: 'm' })).toEqual([
      { code: 'deletion-not-possible', blocks: true },
    ]);
    expect(codes({ type: 'typing', from: { role: 'agent' } })).toEqual([{ code: 'nothing-to-send', blocks: true }]);
  });
});

describe('the window', () => {
  const conversationUntil = (until: number) => ({ id: 'user:7', address: { id: '7' }, window: { until } });
  const tagged = { ...settings, humanAgent: true };

  it('closed lets nothing go', () => {
    const context = contextOf({ conversation: conversationUntil(now) });
    expect(codes(message({ text: 'Hi' }), context)).toEqual([{ code: 'window-closed', blocks: true }]);
    expect(
      codes({ type: 'messageReaction', from: { role: 'agent' }, target: 'm', value: { added: ['👍'] } }, context),
    ).toEqual([{ code: 'window-closed', blocks: true }]);
  });

  it('of a customer who blocked us lets nothing go either', () => {
    const conversation = { ...conversationUntil(now + hour), closed: 'blocked' as const };
    expect(codes(message({ text: 'Hi' }), contextOf({ conversation }))).toEqual([
      { code: 'conversation-closed', values: { closed: 'blocked' }, blocks: true },
    ]);
  });

  it('lets a human answer with the tag from 24 hours to 7 days, and nobody else', () => {
    const wrote = (ago: number) =>
      contextOf({ settings: tagged, conversation: conversationUntil(now - ago + 168 * hour) });
    expect(sent(message({ text: 'Hi' }), wrote(23 * hour)).bodies[0]).toMatchObject({ messaging_type: 'RESPONSE' });
    expect(sent(message({ text: 'Hi' }), wrote(25 * hour)).bodies[0]).toMatchObject({
      messaging_type: 'MESSAGE_TAG',
      tag: 'HUMAN_AGENT',
    });
    const bot = message({ text: 'Hi', from: { role: 'bot' } });
    expect(sent(bot, wrote(23 * hour)).bodies).toHaveLength(1);
    expect(codes(bot, wrote(25 * hour))).toEqual([{ code: 'window-closed', blocks: true }]);
    expect(codes(message({ text: 'Hi' }), wrote(168 * hour))).toEqual([{ code: 'window-closed', blocks: true }]);
  });
});

describe('a reaction', () => {
  const reaction = (value: object): OutboundActivity => ({
    type: 'messageReaction',
    from: { role: 'agent' },
    target: 'm_1',
    value,
  });

  it('is an action of the sender', () => {
    expect(sent(reaction({ added: ['👍'] })).bodies).toEqual([
      { recipient: { id: '7' }, sender_action: 'react', payload: { message_id: 'm_1', reaction: '👍' } },
    ]);
    expect(sent(reaction({ removed: ['👍'] })).bodies).toEqual([
      { recipient: { id: '7' }, sender_action: 'unreact', payload: { message_id: 'm_1' } },
    ]);
  });

  it('on Instagram is a heart or nothing', () => {
    const instagram = contextOf({ settings: instagramSettings });
    for (const heart of ['❤', '❤️']) {
      expect(sent(reaction({ added: [heart] }), instagram).bodies[0].payload.reaction).toBe('love');
    }
    expect(codes(reaction({ added: ['👍'] }), instagram)).toEqual([{ code: 'reaction-dropped', blocks: true }]);
  });

  it('to nothing, or of nothing, is not sent', () => {
    expect(codes(reaction({}))).toEqual([{ code: 'nothing-to-send', blocks: true }]);
    expect(codes({ type: 'messageReaction', from: { role: 'agent' }, value: { added: ['👍'] } })).toEqual([
      { code: 'nothing-to-send', blocks: true },
    ]);
  });
});
