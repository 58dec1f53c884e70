import { describe, expect, it } from 'vitest';
import { type Attachment, type Card, type EncodeContext, factTypes, type OutboundActivity } from '../contract/index.ts';
import { parseXml } from '../kit/xml.ts';
import { elementsNamed, textAt } from './codecs/china-mobile/inbound-xml.ts';
import { outboundXml } from './codecs/china-mobile/outbound-xml.ts';
import type { Draft, MobileRequest } from './codecs/china-mobile/platform.ts';
import type { RbmRequest } from './codecs/google-rbm/platform.ts';
import { filled } from './codecs/request.ts';
import type { Section } from './codecs/sections.ts';
import type { RcsSettings } from './config.ts';
import { prepare } from './encode.ts';
import { chatbotURI, chinaMobile, googleRbm, gsmaMaap, telecomUnicom } from './fixtures/settings.ts';

const phone = '+8613800138000';
const picture = 'med_00000000000000000000000000000001';
const linked = (mediaId: string) => `https://foyer.example/media/${mediaId}`;
const key = (part: number) => `00000000-0000-4000-8000-00000000000${part}`;

function contextOf(settings: RcsSettings, more: Partial<EncodeContext<RcsSettings>> = {}): EncodeContext<RcsSettings> {
  const conversation = { id: `user:${phone}`, address: { phone } };
  return { settings, conversation, now: 1_790_000_000_000, link: linked, key, ...more };
}

function message(content: Omit<OutboundActivity, 'type' | 'from'>): OutboundActivity {
  return { type: 'message', from: { name: 'Ann', role: 'agent' }, ...content };
}

const image: Attachment = {
  contentType: 'image/png',
  contentUrl: `media:${picture}`,
  name: 'chair.png',
  content: { size: 20_000 },
};
const card = (n: number, more: Card = {}): Attachment => ({
  contentType: factTypes.card,
  content: {
    title: `Chair ${n}`,
    subtitle: 'Oak',
    text: 'Made to last.',
    images: [{ url: `media:${picture}` }],
    buttons: [
      { type: 'postBack', title: 'Buy', value: `buy:${n}` },
      { type: 'openUrl', title: 'Look', value: 'https://shop.example/chair' },
      { type: 'call', title: 'Call us', value: '+49 30 1234567' },
    ],
    ...more,
  },
});
const replies = (count: number, title = 'Answer') => ({
  actions: Array.from({ length: count }, (_, n) => ({
    type: 'imBack' as const,
    title: `${title} ${n + 1}`,
    value: `a${n + 1}`,
  })),
});

describe('a message to Google RBM', () => {
  const sent = (activity: OutboundActivity, settings = googleRbm, more = {}) => {
    const { parts, losses } = prepare(activity, contextOf(settings, more));
    const requests = parts.map(({ request }) => request as RbmRequest);
    const contents = requests.map(({ body }) => (body as { contentMessage: unknown } | undefined)?.contentMessage);
    return { parts, losses, requests, contents };
  };

  it('of words has our key as its id, so that a repeat is known', () => {
    const { parts, requests, losses } = sent(message({ text: 'Hello 👋' }));
    expect(requests).toEqual([
      {
        method: 'POST',
        path: `/v1/phones/%2B8613800138000/agentMessages?messageId=${key(0)}`,
        body: { contentMessage: { text: 'Hello 👋' } },
        messageId: key(0),
      },
    ]);
    expect(parts[0]).toMatchObject({ key: key(0), shows: { kind: 'text', text: 'Hello 👋' } });
    expect(losses).toEqual([]);
  });

  it('says how long it may take and what kind of traffic it is, where that is set', () => {
    const settings = { ...googleRbm, ttlSeconds: 600, messageTrafficType: 'SERVICEREQUEST' as const };
    expect(sent(message({ text: 'Hi' }), settings).requests[0]?.body).toEqual({
      contentMessage: { text: 'Hi' },
      ttl: '600s',
      messageTrafficType: 'SERVICEREQUEST',
    });
  });

  it('longer than 3,072 is split, with chips below the last part', () => {
    const { contents, losses } = sent(message({ text: 'word '.repeat(1_000), suggestedActions: replies(2) }));
    expect(contents).toHaveLength(2);
    expect(contents[0]).not.toHaveProperty('suggestions');
    expect(contents[1]).toHaveProperty('suggestions');
    expect(losses).toEqual([{ code: 'text-split', values: { parts: 2 } }]);
  });

  it('has at most 11 chips of every kind', () => {
    const actions = [
      { type: 'imBack' as const, title: 'Yes', value: 'yes' },
      { type: 'postBack' as const, title: 'No', value: 'no:1' },
      { type: 'openUrl' as const, title: 'Shop', value: 'https://shop.example' },
    ];
    expect(sent(message({ text: 'Well?', suggestedActions: { actions } })).contents).toEqual([
      {
        text: 'Well?',
        suggestions: [
          { reply: { text: 'Yes', postbackData: 'yes' } },
          { reply: { text: 'No', postbackData: 'no:1' } },
          { action: { text: 'Shop', postbackData: 'url', openUrlAction: { url: 'https://shop.example' } } },
        ],
      },
    ]);
    expect(sent(message({ text: 'Which?', suggestedActions: replies(11) })).losses).toEqual([]);
  });

  it.each([
    ['are more than 11', replies(12)],
    ['have a title longer than 25', replies(2, 'A title that is far too long')],
    ['hide more than 2,048', { actions: [{ type: 'postBack' as const, title: 'A', value: 'v'.repeat(2_049) }] }],
    [
      'open what a phone does not',
      { actions: [{ type: 'openUrl' as const, title: 'A', value: 'javascript:alert(1)' }] },
    ],
  ])('whose chips %s goes with a numbered list', (_, suggestedActions) => {
    const { contents, losses } = sent(message({ text: 'Which?', suggestedActions }));
    expect(contents[0]).not.toHaveProperty('suggestions');
    expect(contents[0]).toMatchObject({ text: expect.stringMatching(/^Which\?\n1\. /) });
    expect(losses).toEqual([{ code: 'buttons-as-list', values: { what: 'quick replies' } }]);
  });

  it('with a picture uploads it first, or has it fetched by its address', () => {
    const { parts, contents, losses } = sent(message({ text: 'Our chair', attachments: [image] }));
    expect(contents).toEqual([{ text: 'Our chair' }, { uploadedRbmFile: { fileName: { $media: 0, of: 'url' } } }]);
    expect(parts[1]?.media).toEqual([{ mediaId: picture, use: 'image' }].map((one) => expect.objectContaining(one)));
    expect(losses).toEqual([{ code: 'caption-apart' }]);
    const byLink = sent(message({ attachments: [image] }), { ...googleRbm, files: 'link' });
    expect(byLink.contents).toEqual([{ contentInfo: { fileUrl: linked(picture), forceRefresh: false } }]);
    expect(byLink.parts[0]).not.toHaveProperty('media');
  });

  it('by address is blocked without a public one', () => {
    const { parts, losses } = sent(
      message({ attachments: [image] }),
      { ...googleRbm, files: 'link' },
      { link: () => undefined },
    );
    expect(parts).toEqual([]);
    expect(losses).toEqual([{ code: 'no-public-address', blocks: true }]);
  });

  it.each([
    ['a picture of another type', { ...image, contentType: 'image/webp' }, 'image/jpeg'],
    [
      'a voice note of the browser',
      { ...image, contentType: 'audio/webm', content: { voice: true, size: 9 } },
      'audio/mpeg',
    ],
    ['a film of another type', { ...image, contentType: 'video/quicktime' }, 'video/mp4'],
  ])('with %s has it converted', (_, attachment, to) => {
    const { parts, losses } = sent(message({ attachments: [attachment] }));
    expect(parts[0]?.media?.[0]?.form).toEqual({ contentType: to, maxBytes: 100_000_000 });
    expect(losses).toEqual([
      { code: 'file-converted', values: { name: 'chair.png', from: attachment.contentType, to } },
    ]);
  });

  it('with a PDF sends it; with another file, or too large a film, sends an address that ends', () => {
    const pdf = { ...image, contentType: 'application/pdf', name: 'bill.pdf' };
    expect(sent(message({ attachments: [pdf] })).parts[0]).toMatchObject({ shows: { kind: 'file', text: 'bill.pdf' } });
    for (const attachment of [
      { ...image, contentType: 'application/zip', name: 'all.zip' },
      { ...image, contentType: 'video/mp4', name: 'film.mp4', content: { size: 200_000_000 } },
    ]) {
      const { contents, losses } = sent(message({ attachments: [attachment] }));
      expect(contents).toEqual([{ text: `${attachment.name}\n${linked(picture)}` }]);
      expect(losses).toMatchObject([{ code: 'file-as-link' }]);
    }
  });

  it('with one card is a rich card', () => {
    const { contents, requests } = sent(message({ attachments: [card(1)] }));
    expect(contents).toEqual([
      {
        richCard: {
          standaloneCard: {
            cardOrientation: 'VERTICAL',
            cardContent: {
              title: 'Chair 1',
              description: 'Oak\nMade to last.',
              media: { height: 'MEDIUM', uploadedRbmFile: { fileName: { $media: 0, of: 'url' } } },
              suggestions: [
                { reply: { text: 'Buy', postbackData: 'buy:1' } },
                { action: { text: 'Look', postbackData: 'url', openUrlAction: { url: 'https://shop.example/chair' } } },
                { action: { text: 'Call us', postbackData: 'call', dialAction: { phoneNumber: '+49301234567' } } },
              ],
            },
          },
        },
      },
    ]);
    expect(requests[0]?.needs).toEqual(['RICHCARD_STANDALONE']);
  });

  it('with several cards is a carousel, with eleven two of them', () => {
    const two = sent(message({ text: 'Chairs', attachments: [card(1), card(2)] }));
    expect(two.contents).toMatchObject([
      { text: 'Chairs' },
      {
        richCard: { carouselCard: { cardWidth: 'MEDIUM', cardContents: [{ title: 'Chair 1' }, { title: 'Chair 2' }] } },
      },
    ]);
    expect(two.requests[1]?.needs).toEqual(['RICHCARD_CAROUSEL']);
    const eleven = sent(message({ attachments: Array.from({ length: 11 }, (_, n) => card(n)) }));
    expect(eleven.contents).toMatchObject([
      { richCard: { carouselCard: { cardContents: { length: 10 } } } },
      { richCard: { standaloneCard: { cardContent: { title: 'Chair 10' } } } },
    ]);
  });

  it.each([
    ['a title that is too long', { title: 't'.repeat(201) }],
    ['a text that is too long', { text: 't'.repeat(2_001) }],
    [
      'five buttons',
      { buttons: Array.from({ length: 5 }, () => ({ type: 'imBack' as const, title: 'A', value: 'a' })) },
    ],
  ])('with a card of %s goes as words', (_, more) => {
    const { contents, losses } = sent(message({ attachments: [card(1, more)] }));
    expect(contents[0]).toHaveProperty('text');
    expect(losses).toContainEqual({ code: 'card-as-text' });
  });

  it('with a place has words that stay and a chip that opens a map', () => {
    const place = { latitude: 52.52, longitude: 13.405, name: 'Shop', address: 'Main Street 1' };
    const { contents, losses } = sent(message({ attachments: [{ contentType: factTypes.location, content: place }] }));
    expect(contents).toMatchObject([
      {
        text: expect.stringContaining('Shop, Main Street 1\nhttps://'),
        suggestions: [
          {
            action: {
              text: 'Map',
              viewLocationAction: { latLong: { latitude: 52.52, longitude: 13.405 }, label: 'Shop, Main Street 1' },
            },
          },
        ],
      },
    ]);
    expect(losses).toEqual([{ code: 'location-as-link' }]);
  });

  it('with a place of a Chinese map names the same place on the world’s', () => {
    const place = { latitude: 39.9101, longitude: 116.4037, datum: 'gcj02' as const };
    const { contents } = sent(message({ attachments: [{ contentType: factTypes.location, content: place }] }));
    const [{ action }] = (
      contents[0] as { suggestions: { action: { viewLocationAction: { latLong: { latitude: number } } } }[] }
    ).suggestions as [{ action: { viewLocationAction: { latLong: { latitude: number } } } }];
    expect(action.viewLocationAction.latLong.latitude).toBeCloseTo(39.9087, 3);
  });

  it('takes a message back by its id', () => {
    const { requests } = sent({ type: 'messageDelete', from: { role: 'agent' }, target: 'a/b' });
    expect(requests).toEqual([
      { method: 'DELETE', path: '/v1/phones/%2B8613800138000/agentMessages/a%2Fb', messageId: 'a/b' },
    ]);
  });

  it.each([
    ['a reaction', { type: 'messageReaction' as const, target: 'x', value: { added: ['👍'] } }, 'reaction-dropped'],
    ['taking back what was never named', { type: 'messageDelete' as const }, 'deletion-not-possible'],
    ['nothing', { type: 'message' as const }, 'nothing-to-send'],
    ['an event', { type: 'event' as const }, 'nothing-to-send'],
  ])('that is %s is not sent, and says why', (_, activity, code) => {
    const { parts, losses } = sent({ from: { role: 'agent' }, ...activity });
    expect(parts).toEqual([]);
    expect(losses).toEqual([{ code, blocks: true }]);
  });

  it('loses its quote, and says so', () => {
    expect(sent(message({ text: 'Yes', target: 'x' })).losses).toEqual([{ code: 'quote-dropped' }]);
  });

  it('is not sent to who unsubscribed', () => {
    const conversation = { id: `user:${phone}`, address: { phone }, closed: 'unfollowed' as const };
    expect(sent(message({ text: 'Hi' }), googleRbm, { conversation })).toMatchObject({
      parts: [],
      losses: [{ code: 'conversation-closed', values: { closed: 'unfollowed' }, blocks: true }],
    });
  });

  it('with a template, a contact and a link goes as their words', () => {
    const attachments = [
      { contentType: factTypes.template, content: { name: 't', values: {}, text: 'Shipped' } },
      { contentType: factTypes.contact, content: { name: 'Ada', phones: ['+44 1234'] } },
      { contentType: factTypes.link, content: { url: 'https://shop.example', title: 'Shop' } },
    ];
    expect(sent(message({ attachments })).contents).toEqual([
      { text: 'Shipped\nAda\n+44 1234\nShop\nhttps://shop.example' },
    ]);
  });
});

describe('a message to China Mobile', () => {
  const reply = { phone, conversationId: 'c-1', contributionId: 'k-1' };
  const sent = (activity: OutboundActivity, settings = chinaMobile, address: object = { phone }) => {
    const conversation = { id: `user:${phone}`, address };
    const { parts, losses } = prepare(activity, contextOf(settings, { conversation }));
    const requests = parts.map(({ request }) => request as MobileRequest);
    return { parts, losses, requests };
  };
  const rootOf = (body: string | Draft) => {
    const root = parseXml(typeof body === 'string' ? body : '');
    if (root === undefined) throw new Error('no XML');
    return root;
  };
  const outbound = encodeURIComponent(chatbotURI);

  it('of words is one exact document, with no key, since nobody knows of one', () => {
    const { parts, requests } = sent(message({ text: 'Hello <b> & ]]> 世界' }));
    expect(parts[0]).not.toHaveProperty('key');
    expect(requests[0]).toEqual({
      method: 'POST',
      path: `/messaging/group/v1/outbound/${outbound}/requests`,
      phone,
      messageId: key(0),
      conversationId: key(0),
      body: [
        '<?xml version="1.0" encoding="UTF-8"?><msg:outboundMessageRequest xmlns:msg="urn:oma:xml:rest:netapi:messaging:1">',
        `<address>tel:${phone}</address><destinationAddress>tel:${phone}</destinationAddress>`,
        `<senderAddress>${chatbotURI}</senderAddress><outboundIMMessage>`,
        '<contentType>text/plain;charset=UTF-8</contentType>',
        `<conversationID>${key(0)}</conversationID><contributionID>${key(0)}</contributionID>`,
        '<serviceCapability><capabilityId>ChatbotSA</capabilityId><version>+g.gsma.rcs.botversion=&quot;#=1&quot;</version></serviceCapability>',
        `<messageId>${key(0)}</messageId><bodyText><![CDATA[Hello <b> & ]]]]><![CDATA[> 世界]]></bodyText>`,
        '<reportRequest>Delivered</reportRequest><reportRequest>Displayed</reportRequest><reportRequest>Failed</reportRequest>',
        '<storeSupported>true</storeSupported><shortMessageSupported>false</shortMessageSupported>',
        `</outboundIMMessage><clientCorrelator>${key(0)}</clientCorrelator></msg:outboundMessageRequest>`,
      ].join(''),
    });
  });

  it('that answers the customer goes by interaction, in their conversation', () => {
    const { requests } = sent(message({ text: 'Hi' }), chinaMobile, reply);
    expect(requests[0]?.path).toBe(`/messaging/interaction/v1/outbound/${outbound}/requests`);
    const root = rootOf(requests[0]?.body ?? '');
    expect(textAt(root, 'conversationid')).toBe('c-1');
    expect(textAt(root, 'inreplytocontributionid')).toBe('k-1');
    expect(textAt(root, 'contributionid')).toBe(key(0));
  });

  it('of several parts begins one conversation', () => {
    const { requests } = sent(message({ text: 'Chair', attachments: [card(1)] }));
    expect(requests.map(({ conversationId }) => conversationId)).toEqual([key(0), key(0)]);
    expect(requests.map(({ messageId }) => messageId)).toEqual([key(0), key(1)]);
  });

  it('falls back to an SMS with the same words only where that is set', () => {
    const text = message({ text: 'Hi', suggestedActions: replies(2) });
    const root = rootOf(sent(text, { ...chinaMobile, smsFallback: true }).requests[0]?.body ?? '');
    expect(textAt(root, 'shortmessagesupported')).toBe('true');
    expect(elementsNamed(root, 'reportrequest').at(-1)?.text).toBe('Interworking');
    expect(textAt(root, 'smsbodytext')).toBe('Hi\nAnswer 1\nAnswer 2');
    expect(elementsNamed(rootOf(sent(text).requests[0]?.body ?? ''), 'smsbodytext')).toEqual([]);
  });

  it('with chips is multipart, byte for byte', () => {
    const actions = [{ type: 'imBack' as const, title: '是', value: 'yes' }];
    const { requests } = sent(message({ text: '好吗？', suggestedActions: { actions } }));
    const chips = '{"suggestions":[{"reply":{"displayText":"是","postback":{"data":"yes"}}}]}';
    const bodyText = [
      '--next',
      'Content-Type: text/plain;charset=UTF-8',
      'Content-Disposition: inline; filename="Message"',
      'Content-Length: 9',
      '',
      '好吗？',
      '--next',
      'Content-Type: application/vnd.gsma.botsuggestion.v1.0+json',
      'Content-Disposition: inline; filename="Chiplist.lst"',
      `Content-Length: ${Buffer.byteLength(chips)}`,
      '',
      chips,
      '--next--',
      '',
    ].join('\r\n');
    expect(requests[0]?.body).toContain(`<bodyText><![CDATA[${bodyText}]]></bodyText>`);
    expect(requests[0]?.body).toContain('<contentType>multipart/mixed; boundary=&quot;next&quot;</contentType>');
  });

  it('whose words look like the boundary gets another one', () => {
    const { requests } = sent(message({ text: 'a\r\n--next--\r\nb', suggestedActions: replies(1) }));
    expect(requests[0]?.body).toContain('boundary=&quot;next1&quot;');
    expect(requests[0]?.body).toContain('--next1--');
  });

  it('counts what goes, not what XML has no place for', () => {
    const { requests } = sent(message({ text: 'a\u0007b', suggestedActions: replies(1) }));
    expect(requests[0]?.body).toContain('Content-Length: 2\r\n\r\nab\r\n');
  });

  it('with a file waits for what the network says of it, and then names it', () => {
    const { parts, requests } = sent(message({ attachments: [image], suggestedActions: replies(1) }));
    expect(parts[0]?.media).toMatchObject([{ mediaId: picture, use: 'image' }]);
    const draft = requests[0]?.body as Draft;
    const media = [
      {
        url: 'https://ft.example/f?a=1&b=2',
        contentType: 'image/jpeg',
        size: 183_524,
        until: '2026-07-22T09:30:00Z',
        thumbnailUrl: 'https://ft.example/t',
        thumbnailType: 'image/jpeg',
        thumbnailSize: 7_427,
      },
    ];
    const xml = outboundXml({ ...draft, sections: filled(draft.sections, media) as Section[] });
    const bodyText = textAt(rootOf(xml), 'bodytext') ?? '';
    expect(bodyText).toContain('Content-Type: application/vnd.gsma.rcs-ft-http+xml');
    const [, length = '', file = ''] = /Content-Length: (\d+)\s+(<\?xml[\s\S]*?<\/file>)/.exec(bodyText) ?? [];
    expect(Buffer.byteLength(file)).toBe(Number(length));
    expect(file).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><file xmlns="urn:gsma:params:xml:ns:rcs:rcs:fthttp"><file-info type="thumbnail"><file-size>7427</file-size><content-type>image/jpeg</content-type><data url="https://ft.example/t" until="2026-07-22T09:30:00Z"/></file-info><file-info type="file"><file-size>183524</file-size><file-name>chair.png</file-name><content-type>image/jpeg</content-type><data url="https://ft.example/f?a=1&amp;b=2" until="2026-07-22T09:30:00Z"/></file-info></file>',
    );
  });

  it('with cards is GSMA’s JSON, sizes as numbers', () => {
    const { requests } = sent(message({ attachments: [card(1), card(2)] }));
    const draft = requests[0]?.body as Draft;
    const facts = { url: 'https://ft.example/f', contentType: 'image/jpeg', size: 9, thumbnailUrl: undefined };
    const [section] = filled(draft.sections, [facts]) as [{ json: unknown }];
    expect(section.json).toMatchObject({
      message: {
        generalPurposeCardCarousel: {
          layout: { cardWidth: 'MEDIUM_WIDTH' },
          content: [
            {
              title: 'Chair 1',
              description: 'Oak\nMade to last.',
              media: {
                mediaUrl: 'https://ft.example/f',
                mediaContentType: 'image/jpeg',
                mediaFileSize: 9,
                height: 'MEDIUM_HEIGHT',
              },
              suggestions: [
                { reply: { displayText: 'Buy', postback: { data: 'buy:1' } } },
                { action: { displayText: 'Look', urlAction: { openUrl: { url: 'https://shop.example/chair' } } } },
                {
                  action: {
                    displayText: 'Call us',
                    dialerAction: { dialPhoneNumber: { phoneNumber: '+49301234567' } },
                  },
                },
              ],
            },
            { title: 'Chair 2' },
          ],
        },
      },
    });
    expect(JSON.stringify(section.json)).not.toContain('thumbnail');
  });

  it('with a place is a text that phones show as a map, in the Chinese datum', () => {
    const place = { latitude: 39.9087, longitude: 116.3975, name: '天安门' };
    const { requests, losses } = sent(message({ attachments: [{ contentType: factTypes.location, content: place }] }));
    const text = textAt(rootOf(requests[0]?.body ?? ''), 'bodytext') ?? '';
    expect(text).toMatch(/^geo:39\.910\d*,116\.403\d*;crs=gcj02;u=10;rcs-l=%E5%A4%A9%E5%AE%89%E9%97%A8$/);
    expect(losses).toEqual([]);
  });

  it('with too large a picture has it made smaller; with too large a film sends an address', () => {
    const large = { ...image, content: { size: 5_000_000 } };
    expect(sent(message({ attachments: [large] })).parts[0]?.media?.[0]?.form).toEqual({
      contentType: 'image/jpeg',
      maxBytes: 2_000_000,
    });
    const film = { ...image, contentType: 'video/mp4', content: { size: 11_000_000 } };
    expect(sent(message({ attachments: [film] })).losses).toMatchObject([{ code: 'file-as-link' }]);
  });

  it('takes a message back by its id', () => {
    const { requests } = sent({ type: 'messageDelete', from: { role: 'agent' }, target: 'out-1' });
    expect(requests[0]).toMatchObject({
      method: 'PUT',
      path: `/messaging/group/v1/outbound/${outbound}/requests/out-1/status`,
    });
    expect(textAt(rootOf(requests[0]?.body ?? ''), 'status')).toBe('RevokeRequested');
  });
});

describe('a message to China Telecom or China Unicom', () => {
  const sent = (activity: OutboundActivity, settings = telecomUnicom) =>
    prepare(activity, contextOf(settings)).parts.map(({ request }) => request);

  it('of words with chips is a list of two', () => {
    expect(sent(message({ text: '好吗？', suggestedActions: replies(1) }))).toEqual([
      {
        path: '/messages',
        messageId: key(0),
        conversationId: key(0),
        body: {
          messageId: key(0),
          messageList: [
            { contentType: 'text/plain', contentEncoding: 'utf8', contentText: '好吗？' },
            {
              contentType: 'application/vnd.gsma.botsuggestion.v1.0+json',
              contentText: { suggestions: [{ reply: { displayText: 'Answer 1', postback: { data: 'a1' } } }] },
            },
          ],
          destinationAddress: [`tel:${phone}`],
          senderAddress: telecomUnicom.chatbotId,
          conversationId: key(0),
          contributionId: key(0),
          serviceCapability: [{ capabilityId: 'ChatbotSA', version: '+g.gsma.rcs.botversion="#=1"' }],
          reportRequest: ['sent', 'delivered', 'displayed', 'failed'],
          smsSupported: false,
          storeSupported: true,
        },
      },
    ]);
  });

  it('falls back to an SMS where that is set', () => {
    expect(sent(message({ text: 'Hi' }), { ...telecomUnicom, smsFallback: true })).toMatchObject([
      { body: { smsSupported: true, smsContent: 'Hi', reportRequest: { length: 5 } } },
    ]);
  });

  it('with a file, a card and a place has one part for each', () => {
    const place = {
      contentType: factTypes.location,
      content: { latitude: 39.91, longitude: 116.4, datum: 'gcj02' as const },
    };
    expect(sent(message({ attachments: [image, card(1), place] }))).toMatchObject([
      {
        body: {
          messageList: [
            {
              contentType: 'application/vnd.gsma.rcs-ft-http',
              contentText: [{ type: 'file', url: { $media: 0, of: 'url' }, fileName: 'chair.png' }],
            },
          ],
        },
      },
      { body: { messageList: [{ contentType: 'application/vnd.gsma.botmessage.v1.0+json' }] } },
      { body: { messageList: [{ contentType: 'text/plain', contentText: 'geo:39.91,116.4;crs=gcj02;u=10' }] } },
    ]);
  });

  it('takes a message back by its id', () => {
    expect(sent({ type: 'messageDelete', from: { role: 'agent' }, target: 'out-1' })).toEqual([
      {
        path: '/revoke',
        messageId: 'out-1',
        body: { messageId: 'out-1', status: 'RevokeRequested', destinationAddress: [`tel:${phone}`] },
      },
    ]);
  });
});

describe('a message to a MaaP platform', () => {
  const sent = (activity: OutboundActivity, address: object = { phone }) => {
    const conversation = { id: 'user:x', address };
    return prepare(activity, contextOf(gsmaMaap, { conversation })).parts.map(({ request }) => request);
  };

  it('of words goes to a number, or to who hides theirs', () => {
    expect(sent(message({ text: 'Hi', suggestedActions: replies(1) }))).toEqual([
      {
        method: 'POST',
        path: '/messages',
        body: {
          RCSMessage: {
            textMessage: 'Hi',
            suggestedChipList: { suggestions: [{ reply: { displayText: 'Answer 1', postback: { data: 'a1' } } }] },
          },
          messageContact: { userContact: phone },
        },
      },
    ]);
    expect(sent(message({ text: 'Hi' }), { chatId: 'abc' })).toMatchObject([
      { body: { messageContact: { chatId: 'abc' } } },
    ]);
  });

  it('with a file, a recording, a card and a place has one message for each', () => {
    const voice = { ...image, contentType: 'audio/mpeg', name: 'voice.mp3', content: { voice: true } };
    const place = { contentType: factTypes.location, content: { latitude: 52.5, longitude: 13.4, name: 'Shop' } };
    expect(sent(message({ attachments: [image, voice, card(1), place] }))).toMatchObject([
      { body: { RCSMessage: { fileMessage: { fileUrl: { $media: 0, of: 'url' }, fileName: 'chair.png' } } } },
      { body: { RCSMessage: { audioMessage: { fileName: 'voice.mp3' } } } },
      {
        body: {
          RCSMessage: { richcardMessage: { message: { generalPurposeCard: { content: { title: 'Chair 1' } } } } },
        },
      },
      { body: { RCSMessage: { geolocationPushMessage: { pos: '52.5 13.4', label: 'Shop' } } } },
    ]);
  });

  it('takes a message back by its id', () => {
    expect(sent({ type: 'messageDelete', from: { role: 'agent' }, target: 'a/b' })).toEqual([
      { method: 'PUT', path: '/messages/a%2Fb/status', body: { RCSMessage: { status: 'cancelled' } } },
    ]);
  });
});
