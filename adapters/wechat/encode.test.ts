import { describe, expect, it } from 'vitest';
import {
  type Attachment,
  type Card,
  type Conversation,
  type EncodeContext,
  factTypes,
  type Loss,
  type OutboundActivity,
} from '../contract/index.ts';
import { settings as schema, type WechatSettings } from './config.ts';
import { prepare } from './encode.ts';
import type { WechatRequest } from './platform.ts';

const settings = schema.parse({ appId: 'wx2c2769f8efd9abc2', appSecret: 's', token: 't', mode: 'plain' });
const now = 1_790_000_000_000;
const open: Conversation = {
  id: 'user:o1',
  address: { openid: 'o1' },
  window: { until: now + 60_000, left: 5 },
};
const medium = (n: number) => `med_${String(n).padStart(32, '0')}`;
const addressOf = (mediaId: string) => `https://foyer.example/m/${mediaId}`;

function prepared(activity: Partial<OutboundActivity>, more: Partial<EncodeContext<WechatSettings>> = {}) {
  return prepare(
    { type: 'message', from: { role: 'agent' }, ...activity },
    { settings, conversation: open, now, link: addressOf, key: () => 'never used', ...more },
  );
}

const bodies = ({ parts }: { parts: { request: unknown }[] }) =>
  parts.map(({ request }) => (request as WechatRequest).body);
const file = (contentType: string, content: object = {}, name = 'file.x', n = 1): Attachment => ({
  contentType,
  contentUrl: `media:${medium(n)}`,
  name,
  content: { size: 1_000, ...content },
});
const card = (content: Card): Attachment => ({ contentType: factTypes.card, content });
const text = (content: string) => ({ touser: 'o1', msgtype: 'text', text: { content } });
const jpeg = { mediaId: medium(1), use: 'image', form: { contentType: 'image/jpeg', maxBytes: 10_000_000 } };

interface Row {
  title: string;
  activity: Partial<OutboundActivity>;
  bodies: unknown[];
  losses?: Loss[];
  media?: unknown[];
}

const attachments = (...some: Attachment[]) => ({ attachments: some });

const rows: Row[] = [
  { title: 'words', activity: { text: 'Hello 你好 👋🏽' }, bodies: [text('Hello 你好 👋🏽')] },
  {
    title: 'marked words without their marks',
    activity: { text: '**Hello** [you](https://a.example)', textFormat: 'markdown' },
    bodies: [text('Hello you (https://a.example)')],
    losses: [{ code: 'formatting-dropped' }],
  },
  {
    title: 'words that look like placeholders and entities',
    activity: { text: '{{media:0}} <b>&amp;' },
    bodies: [text('{{media:0}} <b>&amp;')],
  },
  {
    title: 'half a surrogate as the character for one, never escaped',
    activity: { text: 'a\ud800b' },
    bodies: [text('a\ufffdb')],
  },
  {
    title: 'a quote without what it quotes',
    activity: { text: 'Yes', target: '123' },
    bodies: [text('Yes')],
    losses: [{ code: 'quote-dropped' }],
  },
  {
    title: 'a picture, uploaded first',
    activity: attachments(file('image/jpeg')),
    bodies: [{ touser: 'o1', msgtype: 'image', image: { media_id: '{{media:0}}' } }],
    media: [[jpeg]],
  },
  {
    title: 'a picture with words as two messages, words first',
    activity: { text: 'Our chair', ...attachments(file('image/gif')) },
    bodies: [text('Our chair'), { touser: 'o1', msgtype: 'image', image: { media_id: '{{media:0}}' } }],
    media: [undefined, [{ ...jpeg, form: { contentType: 'image/gif', maxBytes: 10_000_000 } }]],
  },
  {
    title: 'a sticker as a picture of a form WeChat knows',
    activity: attachments(file('image/webp', { sticker: true }, 'hi.webp')),
    bodies: [{ touser: 'o1', msgtype: 'image', image: { media_id: '{{media:0}}' } }],
    losses: [
      { code: 'file-converted', values: { name: 'hi.webp', from: 'image/webp', to: 'image/jpeg' } },
      { code: 'sticker-as-picture' },
    ],
    media: [[jpeg]],
  },
  {
    title: 'a picture that is too large as a link',
    activity: attachments(file('image/png', { size: 10_000_001 }, 'big.png')),
    bodies: [text(`big.png\n${addressOf(medium(1))}`)],
    losses: [{ code: 'file-as-link', values: { name: 'big.png' } }],
  },
  {
    title: 'a voice note recorded in the browser, as MP3',
    activity: attachments(file('audio/webm;codecs=opus', { voice: true, duration: 3_000 }, 'note.webm')),
    bodies: [{ touser: 'o1', msgtype: 'voice', voice: { media_id: '{{media:0}}' } }],
    losses: [{ code: 'file-converted', values: { name: 'note.webm', from: 'audio/webm', to: 'audio/mpeg' } }],
    media: [[{ mediaId: medium(1), use: 'voice', form: { contentType: 'audio/mpeg', maxBytes: 2_000_000 } }]],
  },
  {
    title: 'a voice note of 60 s in AMR as it is',
    activity: attachments(file('audio/amr', { voice: true, duration: 60_000 })),
    bodies: [{ touser: 'o1', msgtype: 'voice', voice: { media_id: '{{media:0}}' } }],
    media: [[{ mediaId: medium(1), use: 'voice', form: { contentType: 'audio/amr', maxBytes: 2_000_000 } }]],
  },
  {
    title: 'a voice note of more than 60 s as a link',
    activity: attachments(file('audio/amr', { voice: true, duration: 60_001 }, 'long.amr')),
    bodies: [text(`long.amr\n${addressOf(medium(1))}`)],
    losses: [{ code: 'file-as-link', values: { name: 'long.amr' } }],
  },
  {
    title: 'a short MP3 as a voice message',
    activity: attachments(file('audio/mpeg')),
    bodies: [{ touser: 'o1', msgtype: 'voice', voice: { media_id: '{{media:0}}' } }],
    media: [[{ mediaId: medium(1), use: 'voice', form: { contentType: 'audio/mpeg', maxBytes: 2_000_000 } }]],
  },
  {
    title: 'other audio of unknown length as a link',
    activity: attachments(file('audio/wav', {}, 'a.wav')),
    bodies: [text(`a.wav\n${addressOf(medium(1))}`)],
    losses: [{ code: 'file-as-link', values: { name: 'a.wav' } }],
  },
  {
    title: 'a video with room for its thumbnail',
    activity: attachments(file('video/mp4', {}, 'room.mp4')),
    bodies: [
      {
        touser: 'o1',
        msgtype: 'video',
        video: { media_id: '{{media:0}}', thumb_media_id: '{{thumb:0}}', title: 'room.mp4' },
      },
    ],
    media: [[{ mediaId: medium(1), use: 'video', form: { contentType: 'video/mp4', maxBytes: 10_000_000 } }]],
  },
  {
    title: 'a video WeChat does not take as a link',
    activity: attachments(file('video/quicktime', {}, 'room.mov')),
    bodies: [text(`room.mov\n${addressOf(medium(1))}`)],
    losses: [{ code: 'file-as-link', values: { name: 'room.mov' } }],
  },
  {
    title: 'a file as a link beside the words',
    activity: { text: 'Your bill', ...attachments(file('application/pdf', {}, 'bill.pdf')) },
    bodies: [text(`Your bill\n\nbill.pdf\n${addressOf(medium(1))}`)],
    losses: [{ code: 'file-as-link', values: { name: 'bill.pdf' } }],
  },
  {
    title: 'a place as an address on a map of its datum',
    activity: attachments({
      contentType: factTypes.location,
      content: { latitude: 23.1, longitude: 113.3, name: 'Shop', datum: 'gcj02' },
    }),
    bodies: [text('Shop\nhttps://uri.amap.com/marker?position=113.3,23.1')],
    losses: [{ code: 'location-as-link' }],
  },
  {
    title: 'a contact as lines',
    activity: attachments({ contentType: factTypes.contact, content: { name: 'Ada', phones: ['+441234'] } }),
    bodies: [text('Ada\n+441234')],
    losses: [{ code: 'contact-as-text' }],
  },
  {
    title: 'a link as words',
    activity: attachments({ contentType: factTypes.link, content: { url: 'https://a.example/', title: 'A' } }),
    bodies: [text('A\nhttps://a.example/')],
  },
  {
    title: 'quick replies as a menu message whose ids are their payloads',
    activity: {
      text: 'Content?',
      suggestedActions: {
        actions: [
          { type: 'imBack', title: 'Yes', value: 'yes' },
          { type: 'postBack', title: 'No', value: 'rate:0' },
        ],
      },
    },
    bodies: [
      {
        touser: 'o1',
        msgtype: 'msgmenu',
        msgmenu: {
          head_content: 'Content?',
          list: [
            { id: 'yes', content: 'Yes' },
            { id: 'rate:0', content: 'No' },
          ],
        },
      },
    ],
  },
  {
    title: 'quick replies last, after a picture, and one that opens an address among the words',
    activity: {
      ...attachments(file('image/jpeg')),
      suggestedActions: {
        actions: [
          { type: 'imBack', title: 'Yes', value: 'yes' },
          { type: 'openUrl', title: 'Te<r>ms', value: 'https://a.example/?q="x"' },
        ],
      },
    },
    bodies: [
      { touser: 'o1', msgtype: 'image', image: { media_id: '{{media:0}}' } },
      {
        touser: 'o1',
        msgtype: 'msgmenu',
        msgmenu: {
          head_content: '<a href="https://a.example/?q=%22x%22">Terms</a>',
          list: [{ id: 'yes', content: 'Yes' }],
        },
      },
    ],
    media: [[jpeg], undefined],
  },
  {
    title: 'an address that is none as words',
    activity: { suggestedActions: { actions: [{ type: 'openUrl', title: 'Run', value: 'javascript:alert(1)' }] } },
    bodies: [text('Run: javascript:alert(1)')],
  },
  {
    title: 'more than ten quick replies as a list',
    activity: {
      text: 'Which?',
      suggestedActions: {
        actions: Array.from({ length: 11 }, (_, n) => ({ type: 'imBack' as const, title: `A${n + 1}`, value: `${n}` })),
      },
    },
    bodies: [text(`Which?\n\n${Array.from({ length: 11 }, (_, n) => `${n + 1}. A${n + 1}`).join('\n')}`)],
    losses: [{ code: 'buttons-as-list', values: { what: 'quick replies' } }],
  },
  {
    title: 'a title that is too long, cut at a character',
    activity: {
      text: '?',
      suggestedActions: { actions: [{ type: 'imBack', title: '你'.repeat(21), value: 'v' }] },
    },
    bodies: [
      {
        touser: 'o1',
        msgtype: 'msgmenu',
        msgmenu: { head_content: '?', list: [{ id: 'v', content: `${'你'.repeat(19)}…` }] },
      },
    ],
    losses: [{ code: 'text-too-long', values: { max: 60, unit: 'bytes', length: 63 } }],
  },
  {
    title: 'a card that opens an address as an article',
    activity: attachments(
      card({
        title: 'Chair',
        subtitle: 'Oak',
        text: 'Made to last',
        images: [{ url: `media:${medium(1)}` }],
        buttons: [
          { type: 'openUrl', title: 'Look', value: 'https://a.example/chair' },
          { type: 'call', title: 'Call us', value: '+49301' },
        ],
      }),
    ),
    bodies: [
      text('Call us: +49301'),
      {
        touser: 'o1',
        msgtype: 'news',
        news: {
          articles: [
            {
              title: 'Chair',
              description: 'Oak\nMade to last',
              url: 'https://a.example/chair',
              picurl: addressOf(medium(1)),
            },
          ],
        },
      },
    ],
    losses: [{ code: 'buttons-as-list', values: { what: 'buttons' } }],
  },
  {
    title: 'two cards as two articles, of which WeChat takes one a message',
    activity: attachments(
      card({ title: 'A', buttons: [{ type: 'openUrl', title: 'Look', value: 'https://a.example/' }] }),
      card({ buttons: [{ type: 'openUrl', title: 'Look', value: 'https://b.example/' }] }),
    ),
    bodies: [
      {
        touser: 'o1',
        msgtype: 'news',
        news: { articles: [{ title: 'A', description: '', url: 'https://a.example/' }] },
      },
      {
        touser: 'o1',
        msgtype: 'news',
        news: { articles: [{ title: 'Look', description: '', url: 'https://b.example/' }] },
      },
    ],
  },
  {
    title: 'a card with answers as its picture and a menu message',
    activity: attachments(
      card({
        title: 'Chair',
        text: 'Oak',
        images: [{ url: `media:${medium(1)}` }],
        buttons: [
          { type: 'postBack', title: 'Buy', value: 'buy:1' },
          { type: 'openUrl', title: 'Look', value: 'https://a.example/' },
        ],
      }),
    ),
    bodies: [
      { touser: 'o1', msgtype: 'image', image: { media_id: '{{media:0}}' } },
      {
        touser: 'o1',
        msgtype: 'msgmenu',
        msgmenu: {
          head_content: 'Chair\nOak\n<a href="https://a.example/">Look</a>',
          list: [{ id: 'buy:1', content: 'Buy' }],
        },
      },
    ],
    losses: [{ code: 'card-as-text' }],
    media: [[jpeg], undefined],
  },
  {
    title: 'a card without buttons as words and its picture',
    activity: attachments(card({ title: 'Chair', images: [{ url: `media:${medium(1)}` }] })),
    bodies: [text('Chair'), { touser: 'o1', msgtype: 'image', image: { media_id: '{{media:0}}' } }],
    losses: [{ code: 'card-as-text' }],
    media: [undefined, [jpeg]],
  },
  {
    title: 'a template by its id',
    activity: attachments({
      contentType: factTypes.template,
      content: { name: 'T-1', values: { first: '你好', keyword1: 'Ada' }, text: 'Shipped' },
    }),
    bodies: [{ touser: 'o1', template_id: 'T-1', data: { first: { value: '你好' }, keyword1: { value: 'Ada' } } }],
  },
];

describe('WeChat gets', () => {
  it.each(rows.map((row) => [row.title, row] as const))('%s', (_, row) => {
    const found = prepared(row.activity);
    expect(bodies(found)).toEqual(row.bodies);
    expect(found.losses).toEqual(row.losses ?? []);
    expect(found.parts.map(({ media }) => media)).toEqual(row.media ?? row.bodies.map(() => undefined));
    expect(found.parts.every(({ key }) => key === undefined)).toBe(true);
  });

  it('customer messages and templates at their own paths', () => {
    const template = { contentType: factTypes.template, content: { name: 'T', values: {} } };
    const { parts } = prepared({ text: 'Hello', attachments: [template] });
    expect(parts.map(({ request, costs }) => [(request as WechatRequest).path, costs])).toEqual([
      ['/cgi-bin/message/custom/send', undefined],
      ['/cgi-bin/message/template/send', 0],
    ]);
  });

  it("messages as from the account's service desk, where one is set", () => {
    const found = prepared({ text: 'Hello' }, { settings: { ...settings, kfAccount: 'anna@shop' } });
    expect(bodies(found)).toEqual([{ ...text('Hello'), customservice: { kf_account: 'anna@shop' } }]);
  });

  it('an article without its picture while the server has no public address', () => {
    const chair = card({
      title: 'A',
      images: [{ url: `media:${medium(1)}` }],
      buttons: [{ type: 'openUrl', title: 'Look', value: 'https://a.example/' }],
    });
    const found = prepared({ attachments: [chair] }, { link: () => undefined });
    expect(bodies(found)).toMatchObject([{ news: { articles: [{ title: 'A', url: 'https://a.example/' }] } }]);
    expect(JSON.stringify(bodies(found))).not.toContain('picurl');
    expect(found.losses).toEqual([{ code: 'no-public-address' }]);
  });
});

describe('long words', () => {
  const contents = (found: ReturnType<typeof prepared>) =>
    bodies(found).map((body) => (body.text as { content: string } | undefined)?.content ?? '');

  it('go in pieces of at most 2,048 bytes of UTF-8, each whole', () => {
    const words = `${'你好，世界。'.repeat(300)}👋🏽`;
    const found = prepared({ text: words });
    const sizes = contents(found).map((piece) => Buffer.byteLength(piece));
    expect(sizes.length).toBe(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2_048);
    expect(contents(found).join('')).toBe(words);
    expect(found.losses).toEqual([{ code: 'text-split', values: { parts: 3 } }]);
  });

  it('of exactly 2,048 bytes are one message', () => {
    expect(prepared({ text: 'x'.repeat(2_048) })).toMatchObject({ parts: [{}], losses: [] });
    expect(prepared({ text: 'x'.repeat(2_049) }).parts).toHaveLength(2);
  });

  it('with quick replies leave room for these', () => {
    const actions = [{ type: 'imBack' as const, title: 'Yes', value: 'y' }];
    const found = prepared({ text: 'word '.repeat(500), suggestedActions: { actions } });
    expect(bodies(found).map(({ msgtype }) => msgtype)).toEqual(['text', 'msgmenu']);
    for (const { shows } of found.parts) expect(Buffer.byteLength(shows.text ?? '')).toBeLessThanOrEqual(2_048);
  });
});

describe('nothing is sent', () => {
  const hello = { text: 'Hello' };
  const within = (window: Conversation['window'], closed?: Conversation['closed']): { conversation: Conversation } => {
    const { window: _, ...rest } = open;
    return { conversation: { ...rest, ...(window && { window }), ...(closed && { closed }) } };
  };
  const template = { attachments: [{ contentType: factTypes.template, content: { name: 'T', values: {} } }] };

  it.each<[string, Partial<OutboundActivity>, Partial<EncodeContext<WechatSettings>>, Loss]>([
    ['of nothing', {}, {}, { code: 'nothing-to-send' }],
    ['of white space', { text: ' \n ' }, {}, { code: 'nothing-to-send' }],
    [
      'of a reaction',
      { type: 'messageReaction', target: '1', value: { added: ['👍'] } },
      {},
      { code: 'reaction-dropped' },
    ],
    ['to take a message back', { type: 'messageDelete', target: '1' }, {}, { code: 'deletion-not-possible' }],
    ['once the window is closed', hello, within({ until: now, left: 5 }), { code: 'window-closed' }],
    [
      'once the quota is used up',
      hello,
      within({ until: now + 1, left: 0 }),
      { code: 'quota-exceeded', values: { left: 0 } },
    ],
    [
      'of what the quota does not suffice for',
      { text: 'x'.repeat(5_000) },
      within({ until: now + 1, left: 2 }),
      { code: 'quota-exceeded', values: { left: 2 } },
    ],
    [
      'to somebody who left',
      template,
      within(undefined, 'unfollowed'),
      { code: 'conversation-closed', values: { closed: 'unfollowed' } },
    ],
    [
      'of a template without a name',
      { attachments: [{ contentType: factTypes.template, content: { name: ' ', values: {} } }] },
      {},
      { code: 'template-invalid' },
    ],
    [
      'of a file that could only go as a link, without a public address',
      { attachments: [file('application/pdf')] },
      { link: () => undefined },
      { code: 'no-public-address' },
    ],
  ])('%s', (_, activity, context, loss) => {
    const found = prepared(activity, context);
    expect(found.parts).toEqual([]);
    expect(found.losses).toContainEqual({ ...loss, blocks: true });
  });

  it('but a template, once the window is closed', () => {
    expect(prepared(template, within({ until: now - 1, left: 0 }))).toMatchObject({
      parts: [{ costs: 0 }],
      losses: [],
    });
  });

  it('but what fits, where the window is open or not known', () => {
    expect(prepared(hello, within({ until: now + 1, left: 1 })).parts).toHaveLength(1);
    expect(prepared(hello, within({ until: now + 1 })).parts).toHaveLength(1);
    expect(prepared(hello, within(undefined)).parts).toHaveLength(1);
  });
});
