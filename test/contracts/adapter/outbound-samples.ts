import { factTypes, type OutboundActivity } from '../../../adapters/contract/index.ts';

/** Media id number `n`. */
export const mediaId = (n: number) => `med_${n.toString(16).padStart(32, '0')}`;

const from = { name: 'Ann', role: 'agent' as const };
const file = (n: number, contentType: string, name: string, content: object = {}) => ({
  contentType,
  contentUrl: `media:${mediaId(n)}`,
  name,
  content: { size: 20_000, ...content },
});
const message = (fields: Omit<OutboundActivity, 'type' | 'from'>): OutboundActivity => ({
  type: 'message',
  from,
  ...fields,
});
const replies = (count: number) => ({
  actions: Array.from({ length: count }, (_, n) => ({
    type: 'imBack' as const,
    title: `Answer ${n + 1}`,
    value: `a${n + 1}`,
  })),
});
const card = (n: number) => ({
  contentType: factTypes.card,
  content: {
    title: `Chair ${n}`,
    subtitle: 'Oak',
    text: 'Made to last. '.repeat(20),
    images: [{ url: `media:${mediaId(n)}` }],
    buttons: [
      { type: 'postBack' as const, title: 'Buy', value: `buy:${n}` },
      { type: 'openUrl' as const, title: 'Look', value: 'https://shop.example/chair' },
      { type: 'call' as const, title: 'Call us', value: '+49301234567' },
      { type: 'imBack' as const, title: 'Ask', value: 'A question about the chair' },
    ],
  },
});

/** Every kind of message a company can send, and some that it should not. */
export function outboundSamples(target: string): { title: string; activity: OutboundActivity }[] {
  const files = [
    file(1, 'image/jpeg', 'chair.jpg', { width: 800, height: 600 }),
    file(2, 'audio/mp4', 'voice.m4a', { voice: true, duration: 3_200 }),
    file(3, 'audio/mpeg', 'song.mp3', { duration: 60_000 }),
    file(4, 'video/mp4', 'room.mp4', { duration: 12_000, width: 640, height: 360 }),
    file(5, 'application/pdf', 'bill 07/2026 "final".pdf'),
    file(6, 'image/webp', 'hello.webp', { sticker: true }),
    file(7, 'image/gif', 'dance.gif'),
    file(8, 'video/mp4', 'huge.mp4', { size: 4_000_000_000 }),
    file(9, 'application/x-unknown', 'thing.bin'),
  ];
  return [
    { title: 'a short text', activity: message({ text: 'Hello', textFormat: 'plain' }) },
    {
      title: 'marked text',
      activity: message({ text: '**Hello** _you_, see [this](https://a.example)', textFormat: 'markdown' }),
    },
    { title: 'text with braces and markup', activity: message({ text: '{name} <b>&amp; {{media:0}} %s' }) },
    { title: 'a text of 30,000 characters', activity: message({ text: 'All work and no play. '.repeat(1_400) }) },
    { title: 'nothing', activity: message({}) },
    { title: 'white space', activity: message({ text: ' \n\t ' }) },
    ...files.map((attachment) => ({
      title: `a file ${attachment.name}`,
      activity: message({ attachments: [attachment] }),
    })),
    { title: 'a picture with words', activity: message({ text: 'Our chair', attachments: files.slice(0, 1) }) },
    {
      title: 'a picture with very many words',
      activity: message({ text: 'chair '.repeat(2_000), attachments: files.slice(0, 1) }),
    },
    { title: 'ten files', activity: message({ text: 'All of it', attachments: [...files, ...files].slice(0, 10) }) },
    {
      title: 'a place',
      activity: message({
        attachments: [
          {
            contentType: factTypes.location,
            content: { latitude: 35.65, longitude: 139.7, name: 'Shop', address: 'Tokyo' },
          },
        ],
      }),
    },
    {
      title: 'a place without a name',
      activity: message({
        attachments: [{ contentType: factTypes.location, content: { latitude: -33, longitude: 151 } }],
      }),
    },
    {
      title: 'a contact',
      activity: message({
        attachments: [
          { contentType: factTypes.contact, content: { name: 'Ada', phones: ['+441234'], emails: ['a@b.example'] } },
        ],
      }),
    },
    {
      title: 'a link',
      activity: message({
        attachments: [{ contentType: factTypes.link, content: { url: 'https://shop.example', title: 'Shop' } }],
      }),
    },
    { title: 'a card', activity: message({ attachments: [card(1)] }) },
    {
      title: 'a card of one word',
      activity: message({ attachments: [{ contentType: factTypes.card, content: { title: 'Hi' } }] }),
    },
    { title: 'an empty card', activity: message({ attachments: [{ contentType: factTypes.card, content: {} }] }) },
    {
      title: 'a carousel',
      activity: message({ text: 'Chairs', attachments: Array.from({ length: 10 }, (_, n) => card(n)) }),
    },
    { title: 'three quick replies', activity: message({ text: 'Yes?', suggestedActions: replies(3) }) },
    { title: 'thirty quick replies', activity: message({ text: 'Which?', suggestedActions: replies(30) }) },
    { title: 'quick replies without words', activity: message({ suggestedActions: replies(2) }) },
    {
      title: 'quick replies to a picture',
      activity: message({ attachments: files.slice(0, 1), suggestedActions: replies(2) }),
    },
    {
      title: 'quick replies with long titles and an address',
      activity: message({
        text: 'Which?',
        suggestedActions: {
          actions: [
            { type: 'postBack', title: '👨‍👩‍👧‍👦'.repeat(50), value: 'v'.repeat(3_000) },
            { type: 'openUrl', title: 'Terms', value: 'https://shop.example/terms' },
          ],
        },
      }),
    },
    { title: 'a quote', activity: message({ text: 'Yes', target }) },
    {
      title: 'a template',
      activity: message({
        attachments: [
          {
            contentType: factTypes.template,
            content: { name: 'order_shipped', language: 'en_US', values: { '1': 'Ada' }, text: 'Shipped, Ada' },
          },
        ],
      }),
    },
    { title: 'a reaction', activity: { type: 'messageReaction', from, target, value: { added: ['👍'], removed: [] } } },
    { title: 'a reaction taken back', activity: { type: 'messageReaction', from, target, value: { removed: ['👍'] } } },
    { title: 'a message taken back', activity: { type: 'messageDelete', from, target } },
    { title: 'a message taken back that the platform never named', activity: { type: 'messageDelete', from } },
  ];
}
