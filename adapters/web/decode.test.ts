import { describe, expect, it } from 'vitest';
import { contentOf, decodeHandshake, decodeRequest, isRequestName, pageOf } from './decode.ts';

const session = `ses_${'0'.repeat(32)}`;
const medium = `media:med_${'a'.repeat(32)}`;
const invalid = { code: 'CHANNEL_EVENT_INVALID' };

describe('a handshake', () => {
  it('is taken as the protocol says', () => {
    const auth = {
      version: 1,
      channel: 'shop',
      token: 't',
      cursor: { [session]: 4 },
      page: { url: 'https://a.example/' },
    };
    expect(decodeHandshake(auth)).toEqual(auth);
  });

  it.each([
    null,
    'x',
    [],
    {},
    { version: 2, channel: 'shop' },
    { version: 1, channel: '' },
    { version: 1, channel: { $ne: null } },
    { version: 1, channel: 'shop', token: ['t'] },
    { version: 1, channel: 'shop', visitor: 'vis_1' },
    { version: 1, channel: 'shop', cursor: { 'not a session': 1 } },
    { version: 1, channel: 'shop', cursor: { [session]: -1 } },
    { version: 1, channel: 'shop', page: { url: 'javascript:alert(1)' } },
    { version: 1, channel: 'shop', page: { url: 'https://a.example', referrer: 'data:text/html,x' } },
  ])('is refused as %j', (auth) => {
    expect(() => decodeHandshake(auth)).toThrow(expect.objectContaining(invalid));
  });
});

describe('a message', () => {
  it.each([
    { clientId: 'a', text: 'hello' },
    { clientId: 'a', attachments: [{ contentUrl: medium }] },
    { clientId: 'A-z_0', text: 'x'.repeat(10_000), replyToId: `${session}.3` },
  ])('is taken as %j', (message) => {
    expect(decodeRequest('message:send', message)).toEqual(message);
  });

  it.each([
    undefined,
    null,
    'text',
    { clientId: 'a' },
    { clientId: 'a', text: '' },
    { clientId: 'a', text: '  \n ' },
    { clientId: '', text: 'x' },
    { clientId: 'a b', text: 'x' },
    { clientId: 'a'.repeat(65), text: 'x' },
    { text: 'x' },
    { clientId: 'a', text: 'x'.repeat(10_001) },
    { clientId: 'a', text: 'a\u0000b' },
    { clientId: 'a', text: { $regex: '' } },
    { clientId: 'a', text: ['x'] },
    { clientId: 'a', text: 'x', from: { id: 'acc_1', role: 'agent' } },
    { clientId: 'a', text: 'x', timestamp: '2020-01-01' },
    { clientId: 'a', text: 'x', tenantId: 'other' },
    { clientId: 'a', text: 'x', session },
    { clientId: 'a', attachments: [] },
    { clientId: 'a', attachments: [{ contentUrl: 'https://evil.example/x' }] },
    { clientId: 'a', attachments: [{ contentUrl: medium, contentType: 'text/html' }] },
    { clientId: 'a', attachments: Array.from({ length: 11 }, () => ({ contentUrl: medium })) },
    JSON.parse('{"clientId":"a","text":"x","__proto__":{"role":"agent"}}'),
  ])('is refused as %j', (message) => {
    expect(() => decodeRequest('message:send', message)).toThrow(expect.objectContaining(invalid));
  });

  it('keeps half an emoji from reaching the log', () => {
    expect(decodeRequest('message:send', { clientId: 'a', text: 'x\ud83d' }).text).toBe('x\ufffd');
  });

  it('names the field and never the value in a refusal', () => {
    expect(() => decodeRequest('message:send', { clientId: 'secret value', text: 'x' })).toThrow(/"clientId"/);
    expect(() => decodeRequest('message:send', { clientId: 'secret value', text: 'x' })).not.toThrow(/secret value/);
  });

  it('becomes content with attachments by id only', () => {
    const message = decodeRequest('message:send', { clientId: 'a', text: 'hi', attachments: [{ contentUrl: medium }] });
    expect(contentOf(message)).toEqual({
      type: 'message',
      clientId: 'a',
      text: 'hi',
      textFormat: 'plain',
      attachments: [{ contentUrl: medium, contentType: '' }],
    });
  });
});

describe('other requests', () => {
  it('are only those of the protocol', () => {
    for (const name of ['message:send', 'visitor:logout']) expect(isRequestName(name)).toBe(true);
    for (const name of ['toString', '__proto__', 'constructor', 'join', 'disconnect', '']) {
      expect(isRequestName(name)).toBe(false);
    }
  });

  it.each([
    ['activities:read', { session: 'x', after: 0 }],
    ['activities:read', { session, after: 1.5 }],
    ['activities:read', { session, after: 0, limit: 201 }],
    ['receipt:send', { session }],
    ['receipt:send', { session, read: -1 }],
    ['typing:send', { session, typing: 'yes' }],
    ['session:rate', { session, score: 6 }],
    ['media:resolve', { ids: [] }],
    ['media:resolve', { ids: ['../../etc/passwd'] }],
    ['visitor:logout', { all: true }],
    ['identity:describe', { name: 'x'.repeat(201) }],
  ] as const)('%s is refused with %j', (name, payload) => {
    expect(() => decodeRequest(name, payload)).toThrow(expect.objectContaining(invalid));
  });

  it('cut long titles and addresses of pages instead of refusing them', () => {
    const page = decodeRequest('page:send', {
      url: `https://a.example/?q=${'x'.repeat(5_000)}`,
      title: 't'.repeat(900),
    });
    expect(page.url).toHaveLength(2_048);
    expect(page.title).toHaveLength(300);
    expect(pageOf(page, 'Browser/1')).toMatchObject({ userAgent: 'Browser/1' });
  });
});
