import { describe, expect, it } from 'vitest';
import { settings as schema } from './config.ts';
import { decode } from './decode.ts';
import { deliveries, delivery } from './fixtures/deliveries.ts';

const settings = schema.parse({
  appId: 'wx2c2769f8efd9abc2',
  appSecret: 'a secret',
  token: 'spamtest',
  mode: 'plain',
});
const read = (xml: unknown, values = settings) => decode({ xml, encrypted: false }, values);
const invalid = expect.objectContaining({ code: 'CHANNEL_PAYLOAD_INVALID' });

describe('a delivery says', () => {
  it.each(deliveries.map(({ title, xml, becomes }) => [title, xml, becomes] as const))('%s', (_, xml, becomes) => {
    expect(read(xml)).toEqual(becomes);
  });

  it('for which account it is, when the channel knows its own', () => {
    const known = { ...settings, originalId: 'gh_10f6c3c3ac5a' };
    for (const { xml, becomes } of deliveries) {
      const items = read(xml, known);
      expect(items.map(({ account }) => account)).toEqual(becomes.map(() => 'gh_10f6c3c3ac5a'));
      expect(items).toMatchObject(becomes);
    }
    expect(read('<xml><ToUserName>gh_other</ToUserName></xml>', known)).toMatchObject([
      { kind: 'unreadable', account: 'gh_other' },
    ]);
  });

  it('the same name for the same event, and another for another', () => {
    const click = (key: string, at = '1790000000') =>
      read(delivery(`<MsgType>event</MsgType><Event>CLICK</Event><EventKey>${key}</EventKey>`, 'o1', at)).map(
        (item) => 'externalId' in item && item.externalId,
      );
    expect(click('A')).toEqual(click('A'));
    expect(new Set([click('A'), click('B'), click('A', '1790000001')].flat()).size).toBe(3);
  });
});

describe('told as unreadable, by what is missing and never by what was said, is', () => {
  const text = '<MsgType>text</MsgType><Content>my secret</Content><MsgId>1</MsgId>';
  it.each([
    ['no sender', '<xml><CreateTime>1790000000</CreateTime><MsgType>text</MsgType></xml>', 'FromUserName'],
    ['a sender of 129 characters', delivery(text, 'o'.repeat(129)), 'FromUserName'],
    ['no time', `<xml><FromUserName>o</FromUserName>${text}</xml>`, 'CreateTime'],
    ['a time that is none', delivery(text, 'o', '1e9'), 'CreateTime'],
    ['a time without end', delivery(text, 'o', '9'.repeat(400)), 'CreateTime'],
    ['no kind', delivery('<Content>my secret</Content>'), 'MsgType'],
    ['an event without a name', delivery('<MsgType>event</MsgType>'), 'Event'],
    ['a blank text', delivery('<MsgType>text</MsgType><Content> \n</Content>'), 'Content'],
    ['a picture without anything', delivery('<MsgType>image</MsgType>'), 'MediaId'],
    [
      'a voice note without a file',
      delivery('<MsgType>voice</MsgType><Recognition>my secret</Recognition>'),
      'MediaId',
    ],
    ['a place that is none', delivery('<MsgType>location</MsgType><Location_X>91</Location_X>'), 'Location_X'],
    ['a link without an address', delivery('<MsgType>link</MsgType><Title>my secret</Title>'), 'Url'],
    [
      'a template status without an id',
      delivery('<MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event>'),
      'MsgID',
    ],
  ])('%s', (_, xml, what) => {
    const items = read(xml);
    expect(items).toEqual([{ kind: 'unreadable', reason: expect.stringContaining(`no readable ${what}`) }]);
    expect(JSON.stringify(items)).not.toContain('my secret');
  });
});

describe('refused as invalid is', () => {
  it.each([
    ['nothing', undefined],
    ['a number', 7],
    ['no XML', 'success'],
    ['a document that declares entities', '<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>'],
    ['a document nested without end', '<xml>'.repeat(5_000)],
  ])('%s', (_, xml) => {
    expect(() => read(xml)).toThrow(invalid);
  });

  it.each([undefined, null, 'x', [], () => undefined])('%s for a payload', (payload) => {
    expect(() => decode(payload, settings)).toThrow(invalid);
  });

  it('an encrypted message for a channel that is set to plain, with the way out', () => {
    expect(() => read('<xml><ToUserName>gh_1</ToUserName><Encrypt>abc</Encrypt></xml>')).toThrow(/set the mode/);
  });
});
