import { describe, expect, it } from 'vitest';
import {
  type Card,
  type EncodeContext,
  factTypes,
  type OutboundActivity,
  type SuggestedAction,
  type TemplateUse,
} from '../contract/index.ts';
import type { WhatsappSettings } from './config.ts';
import { prepare } from './encode.ts';
import { settings } from './fixtures/settings.ts';
import type { SendRequest } from './platform.ts';

const now = 1_790_000_000_000;
const media = (n: number) => `med_${String(n).padStart(32, '0')}`;
const jpeg = { contentType: 'image/jpeg', maxBytes: 5_000_000 };

const contextOf = (more: Partial<EncodeContext<WhatsappSettings>> = {}): EncodeContext<WhatsappSettings> => ({
  settings,
  conversation: { id: 'user:US.1', address: { to: '+16505551234', recipient: 'US.1' }, window: { until: now + 1 } },
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
const card = (content: Card) => ({ contentType: factTypes.card, content });
const template = (content: TemplateUse) => ({ contentType: factTypes.template, content });
const replies = (count: number, title = (n: number) => `Answer ${n}`) => ({
  actions: Array.from(
    { length: count },
    (_, n): SuggestedAction => ({ type: 'postBack', title: title(n), value: `v${n}` }),
  ),
});

/** What the platform gets: type and what stands under it. */
const sent = (activity: OutboundActivity, context = contextOf()) => {
  const { parts, losses } = prepare(activity, context);
  const bodies = parts.map(({ request }) => JSON.parse((request as SendRequest).body));
  const messages = bodies.map((body) => Object.fromEntries([[String(body.type), body[body.type]]]));
  return { parts, bodies, messages, losses: losses.map(({ code }) => code) };
};
const losses = (activity: OutboundActivity, context = contextOf()) => prepare(activity, context).losses;

describe('a message to WhatsApp', () => {
  it('is one request, whose opaque data brings its key back in statuses', () => {
    expect(prepare(message({ text: 'Hi' }), contextOf())).toEqual({
      losses: [],
      parts: [
        {
          request: {
            method: 'POST',
            path: '/v25.0/106540352242922/messages',
            body: '{"messaging_product":"whatsapp","recipient_type":"individual","to":"+16505551234","type":"text","text":{"body":"Hi"},"biz_opaque_callback_data":"foyer:key-0"}',
          },
          shows: { kind: 'text', text: 'Hi' },
        },
      ],
    });
  });

  it('goes to the user id of somebody whose number is hidden, and to a group', () => {
    const hidden = contextOf({
      conversation: { id: 'user:US.1', address: { recipient: 'US.1' }, window: { until: now + 1 } },
    });
    expect(sent(message({ text: 'Hi' }), hidden).bodies[0]).toMatchObject({
      recipient: 'US.1',
      recipient_type: 'individual',
    });
    expect(sent(message({ text: 'Hi' }), hidden).bodies[0]).not.toHaveProperty('to');
    const group = contextOf({
      conversation: { id: 'group:HBg', address: { group: 'HBg' }, window: { until: now + 1 } },
    });
    expect(sent(message({ text: 'Hi' }), group).bodies[0]).toMatchObject({ recipient_type: 'group', to: 'HBg' });
  });

  it('shows a preview of an address, and formatting as WhatsApp writes it', () => {
    expect(sent(message({ text: 'See https://shop.example' })).messages).toEqual([
      { text: { preview_url: true, body: 'See https://shop.example' } },
    ]);
    expect(sent(message({ text: '**Hi** *you*', textFormat: 'markdown' }))).toMatchObject({
      losses: [],
      messages: [{ text: { body: '*Hi* _you_' } }],
    });
  });

  it('quotes when someone chose to, with the first part; and is split at 4,096 UTF-16 units', () => {
    const { bodies } = sent(message({ text: 'a'.repeat(4_097), target: 'wamid.1' }));
    expect(bodies.map(({ context }) => context)).toEqual([{ message_id: 'wamid.1' }, undefined]);
    expect(losses(message({ text: 'a'.repeat(4_097) }))).toEqual([{ code: 'text-split', values: { parts: 2 } }]);
    expect(sent(message({ text: 'a'.repeat(4_096) })).bodies).toHaveLength(1);
  });

  it.each([
    ['image/jpeg', {}, { image: { id: '{{media:0}}' } }, undefined],
    ['image/webp', {}, { image: { id: '{{media:0}}' } }, jpeg],
    ['image/gif', {}, { image: { id: '{{media:0}}' } }, jpeg],
    ['image/png', { size: 6_000_000 }, { image: { id: '{{media:0}}' } }, jpeg],
    ['image/webp', { sticker: true }, { sticker: { id: '{{media:0}}' } }, undefined],
    ['image/webp', { sticker: true, size: 200_000 }, { image: { id: '{{media:0}}' } }, jpeg],
    ['image/png', { sticker: true }, { image: { id: '{{media:0}}' } }, jpeg],
    ['audio/ogg', { voice: true }, { audio: { id: '{{media:0}}', voice: true } }, undefined],
    [
      'audio/mp4',
      { voice: true },
      { audio: { id: '{{media:0}}', voice: true } },
      { contentType: 'audio/ogg', maxBytes: 16_000_000 },
    ],
    ['audio/mpeg', {}, { audio: { id: '{{media:0}}' } }, undefined],
    ['audio/wav', {}, { audio: { id: '{{media:0}}' } }, { contentType: 'audio/ogg', maxBytes: 16_000_000 }],
    ['video/mp4', {}, { video: { id: '{{media:0}}' } }, undefined],
    ['video/webm', {}, { video: { id: '{{media:0}}' } }, { contentType: 'video/mp4', maxBytes: 16_000_000 }],
    ['application/pdf', {}, { document: { id: '{{media:0}}', filename: 'f' } }, undefined],
  ] as const)('with a file of %s %o is %o', (contentType, content, expected, form) => {
    const found = sent(message({ attachments: [file(contentType, content)] }));
    expect(found.messages).toEqual([expected]);
    const use = Object.keys(expected)[0];
    expect(found.parts[0]?.media).toEqual([{ mediaId: media(1), use, ...(form === undefined ? {} : { form }) }]);
    expect(found.losses.includes('file-converted')).toBe(form !== undefined);
    expect(found.losses.includes('sticker-as-picture')).toBe('sticker' in content && use === 'image');
  });

  it.each([
    ['application/zip', {}],
    ['image/svg+xml', {}],
    ['video/mp4', { size: 17_000_000 }],
    ['audio/ogg', { size: 17_000_000 }],
    ['application/pdf', { size: 101_000_000 }],
  ])('with a file of %s %o that WhatsApp does not take is a link', (contentType, content) => {
    expect(sent(message({ attachments: [file(contentType, content, 'x')] }))).toMatchObject({
      losses: ['file-as-link'],
      messages: [{ text: { body: `x\nhttps://foyer.example/m/${media(1)}` } }],
    });
  });

  it('has its words as caption of the first file that takes them, else before', () => {
    expect(sent(message({ text: 'See', attachments: [file('image/png'), file('image/png')] })).messages).toEqual([
      { image: { id: '{{media:0}}', caption: 'See' } },
      { image: { id: '{{media:0}}' } },
    ]);
    const long = 'a'.repeat(1_025);
    expect(sent(message({ text: long, attachments: [file('image/png')] }))).toMatchObject({
      losses: ['caption-apart'],
      messages: [{ text: { body: long } }, { image: { id: '{{media:0}}' } }],
    });
    expect(sent(message({ text: 'Hear', attachments: [file('audio/ogg')] })).losses).toEqual(['caption-apart']);
  });

  it('carries places and contacts as they are, and links in words', () => {
    const attachments = [
      { contentType: factTypes.location, content: { latitude: 1.5, longitude: 2, name: 'Shop', address: 'Tokyo' } },
      {
        contentType: factTypes.contact,
        content: { name: 'Ada', phones: ['+44'], emails: ['a@b.example'], organization: 'Engines' },
      },
      { contentType: factTypes.link, content: { url: 'https://a.example', title: 'A' } },
    ];
    expect(sent(message({ attachments }))).toMatchObject({
      losses: [],
      messages: [
        { text: { body: 'A\nhttps://a.example' } },
        { location: { latitude: 1.5, longitude: 2, name: 'Shop', address: 'Tokyo' } },
        {
          contacts: [
            {
              name: { formatted_name: 'Ada', first_name: 'Ada' },
              phones: [{ phone: '+44', type: 'CELL' }],
              emails: [{ email: 'a@b.example', type: 'WORK' }],
              org: { company: 'Engines' },
            },
          ],
        },
      ],
    });
  });

  it('with nothing in it, taken back, or of another type is not sent', () => {
    expect(losses(message({ text: ' ' }))).toEqual([{ code: 'nothing-to-send', blocks: true }]);
    expect(losses({ type: 'messageDelete', from: { role: 'agent' }, target: 'w' })).toEqual([
      { code: 'deletion-not-possible', blocks: true },
    ]);
    expect(losses({ type: 'typing', from: { role: 'agent' } })).toEqual([{ code: 'nothing-to-send', blocks: true }]);
    expect(losses(message({ attachments: [file('application/zip')] }), contextOf({ link: () => undefined }))).toEqual([
      { code: 'no-public-address', blocks: true },
    ]);
  });
});

describe('answers to tap', () => {
  it('are buttons up to three, a list up to ten', () => {
    expect(sent(message({ text: 'Ok?', suggestedActions: replies(2) })).messages).toEqual([
      {
        interactive: {
          type: 'button',
          body: { text: 'Ok?' },
          action: {
            buttons: [
              { type: 'reply', reply: { id: 'v0', title: 'Answer 0' } },
              { type: 'reply', reply: { id: 'v1', title: 'Answer 1' } },
            ],
          },
        },
      },
    ]);
    const list = sent(message({ text: 'Pick', suggestedActions: replies(4) })).messages[0]?.interactive;
    expect(list).toMatchObject({ type: 'list', body: { text: 'Pick' }, action: { button: 'Options' } });
    expect(list.action.sections).toEqual([{ rows: [0, 1, 2, 3].map((n) => ({ id: `v${n}`, title: `Answer ${n}` })) }]);
    expect(sent(message({ text: 'Pick', suggestedActions: replies(10) })).messages[0]).toHaveProperty('interactive');
  });

  it('are a list when their titles are longer than buttons take', () => {
    const long = replies(2, (n) => `${'x'.repeat(21)}${n}`);
    expect(sent(message({ text: 'Ok?', suggestedActions: long })).messages[0]?.interactive.type).toBe('list');
  });

  it.each([
    ['too many', replies(11)],
    ['too long', replies(2, (n) => `${'x'.repeat(24)}${n}`)],
    ['alike', replies(2, () => 'Same')],
    ['blank', { actions: [{ type: 'postBack' as const, title: 'Yes', value: ' ' }] }],
    ['with ids too long', { actions: [{ type: 'postBack' as const, title: 'Yes', value: 'x'.repeat(257) }] }],
    [
      'partly addresses',
      { actions: [{ type: 'openUrl' as const, title: 'Terms', value: 'https://a.example' }, ...replies(1).actions] },
    ],
  ])('that are %s become a numbered list', (_, suggestedActions) => {
    const found = sent(message({ text: 'Pick', suggestedActions }));
    expect(found.losses).toEqual(['buttons-as-list']);
    expect(found.messages[0]?.text.body).toMatch(/^Pick\n1\. /);
  });

  it('without words become a numbered list', () => {
    expect(sent(message({ suggestedActions: replies(2) })).messages).toEqual([
      { text: { body: '1. Answer 0\n2. Answer 1' } },
    ]);
  });

  it('that open one address are one button', () => {
    const actions = [{ type: 'openUrl' as const, title: 'Terms', value: 'https://shop.example/terms' }];
    expect(sent(message({ text: 'Read', suggestedActions: { actions } })).messages[0]?.interactive).toEqual({
      type: 'cta_url',
      body: { text: 'Read' },
      action: { name: 'cta_url', parameters: { display_text: 'Terms', url: 'https://shop.example/terms' } },
    });
  });

  it('come last, below the end of a long text', () => {
    const found = sent(
      message({ text: 'word '.repeat(300), attachments: [file('image/png')], suggestedActions: replies(2) }),
    );
    expect(found.messages.map((one) => Object.keys(one)[0])).toEqual(['text', 'image', 'interactive']);
    expect(found.losses).toEqual(['text-split']);
    expect(found.messages[2]?.interactive.body.text.length).toBeLessThanOrEqual(1_024);
  });
});

describe('a card', () => {
  const picture = { images: [{ url: `media:${media(3)}` }] };
  const buy = { type: 'postBack' as const, title: 'Buy', value: 'b' };

  it('has its picture above and its buttons below', () => {
    const found = sent(message({ attachments: [card({ title: 'Chair', text: 'Oak', buttons: [buy], ...picture })] }));
    expect(found.losses).toEqual([]);
    expect(found.messages).toEqual([
      {
        interactive: {
          type: 'button',
          header: { type: 'image', image: { id: '{{media:0}}' } },
          body: { text: 'Chair\nOak' },
          action: { buttons: [{ type: 'reply', reply: { id: 'b', title: 'Buy' } }] },
        },
      },
    ]);
    expect(found.parts[0]?.media).toEqual([{ mediaId: media(3), use: 'image', form: jpeg }]);
  });

  it('with more than three buttons has its picture before a list', () => {
    const buttons = [0, 1, 2, 3].map((n) => ({ ...buy, title: `Buy ${n}`, value: `b${n}` }));
    const found = sent(message({ attachments: [card({ title: 'Chair', buttons, ...picture })] }));
    expect(found.messages).toMatchObject([{ image: { id: '{{media:0}}' } }, { interactive: { type: 'list' } }]);
  });

  it('without buttons is a picture with words', () => {
    const found = sent(message({ attachments: [card({ title: 'Chair', text: 'Oak', ...picture })] }));
    expect(found).toMatchObject({ losses: [], messages: [{ image: { id: '{{media:0}}', caption: 'Chair\nOak' } }] });
  });

  it('with buttons that do not fit is words with a list, below its picture', () => {
    const buttons = [buy, { type: 'call' as const, title: 'Call', value: '+49' }];
    const found = sent(message({ attachments: [card({ title: 'Chair', buttons, ...picture })] }));
    expect(found.losses).toEqual(['card-as-text']);
    expect(found.messages).toEqual([{ image: { id: '{{media:0}}', caption: 'Chair\n1. Buy\n2. Call: +49' } }]);
    const long = sent(
      message({ attachments: [card({ title: 'Chair', text: 'x'.repeat(1_100), buttons, ...picture })] }),
    );
    expect(long.messages.map((one) => Object.keys(one)[0])).toEqual(['image', 'text']);
  });
});

describe('a template', () => {
  const shipped: TemplateUse = {
    name: 'order_shipped',
    language: 'de',
    values: { '2': 'Monday', '1': 'Ada' },
    text: 'Shipped',
  };

  it('has its numbered blanks in their order', () => {
    expect(sent(message({ attachments: [template(shipped)] })).messages).toEqual([
      {
        template: {
          name: 'order_shipped',
          language: { code: 'de' },
          components: [
            {
              type: 'body',
              parameters: [
                { type: 'text', text: 'Ada' },
                { type: 'text', text: 'Monday' },
              ],
            },
          ],
        },
      },
    ]);
  });

  it('has named blanks, header and buttons', () => {
    const values = {
      first_name: 'Ada',
      'header.image': 'https://shop.example/chair.jpg',
      'button.0.url': 'orders/17',
      'button.1.copy_code': 'SAVE10',
    };
    expect(sent(message({ attachments: [template({ name: 'sale', values })] })).messages[0]?.template).toEqual({
      name: 'sale',
      language: { code: 'en_US' },
      components: [
        { type: 'header', parameters: [{ type: 'image', image: { link: 'https://shop.example/chair.jpg' } }] },
        { type: 'body', parameters: [{ type: 'text', parameter_name: 'first_name', text: 'Ada' }] },
        { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: 'orders/17' }] },
        {
          type: 'button',
          sub_type: 'copy_code',
          index: '1',
          parameters: [{ type: 'coupon_code', coupon_code: 'SAVE10' }],
        },
      ],
    });
    expect(
      sent(message({ attachments: [template({ name: 'hello_world', values: {} })] })).messages[0]?.template,
    ).toEqual({
      name: 'hello_world',
      language: { code: 'en_US' },
    });
  });

  it('with an empty blank, or without a name, is not sent', () => {
    for (const wrong of [
      { ...shipped, values: { '1': ' ' } },
      { ...shipped, name: '' },
    ]) {
      expect(losses(message({ attachments: [template(wrong)] }))).toEqual([{ code: 'template-invalid', blocks: true }]);
    }
  });

  it('is all that goes when the window is closed, or was never open', () => {
    const { window: _, ...never } = contextOf().conversation;
    for (const conversation of [{ ...contextOf().conversation, window: { until: now } }, never]) {
      const context = contextOf({ conversation });
      expect(losses(message({ text: 'Hi' }), context)).toEqual([{ code: 'window-closed', blocks: true }]);
      expect(losses(message({ text: 'Hi', attachments: [template(shipped)] }), context)).toEqual([
        { code: 'window-closed', blocks: true },
      ]);
      expect(sent(message({ attachments: [template(shipped)] }), context).messages).toHaveLength(1);
    }
  });

  it('does not reach somebody who is closed for us', () => {
    const conversation = { ...contextOf().conversation, closed: 'blocked' as const };
    expect(losses(message({ attachments: [template(shipped)] }), contextOf({ conversation }))).toEqual([
      { code: 'conversation-closed', values: { closed: 'blocked' }, blocks: true },
    ]);
  });
});

describe('a reaction', () => {
  const reaction = (value: object): OutboundActivity => ({
    type: 'messageReaction',
    from: { role: 'agent' },
    target: 'wamid.1',
    value,
  });

  it('is a message of its own; an empty one takes it back', () => {
    expect(sent(reaction({ added: ['👍'] })).messages).toEqual([{ reaction: { message_id: 'wamid.1', emoji: '👍' } }]);
    expect(sent(reaction({ removed: ['👍'] })).messages).toEqual([{ reaction: { message_id: 'wamid.1', emoji: '' } }]);
    expect(losses(reaction({}))).toEqual([{ code: 'nothing-to-send', blocks: true }]);
  });
});
