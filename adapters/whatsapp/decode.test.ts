import { describe, expect, it } from 'vitest';
import { ChannelError } from '../contract/index.ts';
import { decode } from './decode.ts';
import { deliveries } from './fixtures/deliveries.ts';
import { settings } from './fixtures/settings.ts';

describe('a delivery of WhatsApp', () => {
  it.each(deliveries.map(({ title, body, expected }) => [title, body, expected] as const))(
    '%s',
    (_, body, expected) => {
      const found = decode(body, settings);
      expect(found).toHaveLength(expected.length);
      expect(found).toMatchObject(expected);
    },
  );

  it("keeps the platform's own form only of what the activity does not say", () => {
    const dataOf = (title: string) => {
      const found = decode(deliveries.find((delivery) => delivery.title === title)?.body, settings)[0];
      return found?.kind === 'activity' ? found.content.channelData : undefined;
    };
    for (const title of ['words', 'words that quote one of ours', 'a picture with a caption', 'a tapped button']) {
      expect(dataOf(title)).toBeUndefined();
    }
  });

  it('does not open the window by what the platform tells of somebody', () => {
    const windowOf = (title: string) =>
      decode(deliveries.find((delivery) => delivery.title === title)?.body, settings).map((item) =>
        item.kind === 'activity' ? item.conversation.window : undefined,
      );
    for (const title of [
      'another key of encryption',
      'somebody opened the conversation for the first time',
      'an edit',
    ]) {
      expect(windowOf(title)).toEqual([undefined]);
    }
  });

  it('answers a group as one conversation where the settings say so', () => {
    const { body } = deliveries.find(({ title }) => title.startsWith('a group')) ?? {};
    expect(decode(body, { ...settings, groups: 'answered' })).toMatchObject([
      {
        conversation: { id: 'group:HBgL', address: { group: 'HBgL' } },
        from: { id: 'US.13491208655302741918', name: 'Ada Lovelace' },
        content: { text: 'Hi all' },
      },
    ]);
  });

  it('names each sender of a batch as their own contact says', () => {
    const person = (n: number) => ({ profile: { name: `Person ${n}` }, wa_id: `1650555000${n}`, user_id: `US.${n}` });
    const message = (n: number) => ({
      from: `1650555000${n}`,
      id: `wamid.${n}`,
      timestamp: '1790000000',
      type: 'text',
      text: { body: 'x' },
    });
    const value = {
      metadata: { phone_number_id: settings.phoneNumberId },
      contacts: [person(1), person(2)],
      messages: [message(2), message(1)],
    };
    const body = { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] };
    expect(decode(body, settings)).toMatchObject([
      { from: { id: 'US.2', name: 'Person 2', phone: '+16505550002' } },
      { from: { id: 'US.1', name: 'Person 1', phone: '+16505550001' } },
    ]);
  });

  it('that is no object is refused as invalid', () => {
    for (const payload of [undefined, null, 7, 'x', []]) expect(() => decode(payload, settings)).toThrow(ChannelError);
  });
});
