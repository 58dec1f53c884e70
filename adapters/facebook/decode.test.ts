import { describe, expect, it } from 'vitest';
import { ChannelError } from '../contract/index.ts';
import { settings as schema } from './config.ts';
import { decode } from './decode.ts';
import { deliveries } from './fixtures/deliveries.ts';
import { settings } from './fixtures/settings.ts';

describe('a delivery of Messenger or Instagram', () => {
  it.each(deliveries.map(({ title, body, expected }) => [title, body, expected] as const))(
    '%s',
    (_, body, expected) => {
      const found = decode(body, settings);
      expect(found).toHaveLength(expected.length);
      expect(found).toMatchObject(expected);
    },
  );

  it('keeps no token and no authorisation code', () => {
    const found = deliveries.flatMap(({ body }) => decode(body, settings));
    expect(JSON.stringify(found)).not.toContain('canary');
  });

  it("keeps the platform's own form only of what the activity does not say", () => {
    const dataOf = (title: string) => {
      const found = decode(deliveries.find((delivery) => delivery.title === title)?.body, settings)[0];
      return found?.kind === 'activity' ? found.content.channelData : undefined;
    };
    expect(dataOf('words')).toBeUndefined();
    expect(dataOf('a picture')).toBeUndefined();
    expect(dataOf('a message that Meta does not pass on')).toEqual({ mid: 'm_AbC1', is_unsupported: true });
    expect(dataOf('a reel')).toMatchObject({ mid: 'm_AbC1' });
    expect(dataOf('Instagram: an answer to a story')).toMatchObject({ reply_to: { story: { id: '1' } } });
  });

  it('opens the window for seven days where humans may use their tag', () => {
    const [item] = decode(deliveries[0]?.body, schema.parse({ ...settings, humanAgent: true }));
    expect(item).toMatchObject({ conversation: { window: { until: 1_790_000_000_000 + 7 * 86_400_000 } } });
  });

  it('shows ten attachments of a message that has more', () => {
    const attachments = Array.from({ length: 30 }, (_, n) => ({
      type: 'image',
      payload: { url: `https://a.example/${n}` },
    }));
    const event = {
      sender: { id: '7' },
      recipient: { id: '102290129340398' },
      timestamp: 1_790_000_000_000,
      message: { mid: 'm', attachments },
    };
    const [item] = decode({ object: 'page', entry: [{ id: '102290129340398', messaging: [event] }] }, settings);
    expect(item?.kind === 'activity' && item.content.attachments).toHaveLength(10);
  });

  it('takes no address that is none, however long', () => {
    for (const url of [
      'javascript:alert(1)',
      'file:///etc/passwd',
      'https://',
      `https://a.example/${'x'.repeat(9_000)}`,
      7,
    ]) {
      const event = {
        sender: { id: '7' },
        timestamp: 1_790_000_000_000,
        message: { mid: 'm', attachments: [{ type: 'image', payload: { url } }] },
      };
      const [item] = decode({ object: 'page', entry: [{ id: '102290129340398', messaging: [event] }] }, settings);
      expect(item).toMatchObject({ content: { text: '[An attachment of a kind that Meta does not pass on]' } });
    }
  });

  it('that is no object is refused as invalid', () => {
    for (const payload of [undefined, null, 7, 'x', []]) expect(() => decode(payload, settings)).toThrow(ChannelError);
  });
});
