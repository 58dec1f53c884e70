import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ChannelError, type Inbound } from '../contract/index.ts';
import { decode } from './decode.ts';
import { settingsOf } from './fixtures/settings.ts';

interface Fixture {
  title: string;
  payload: unknown;
  items: Inbound[];
}

const fixtures = (name: string): Fixture[] =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));

describe.each(['webhook-newer', 'webhook-older'])('deliveries of %s', (name) => {
  it.each(fixtures(name).map((fixture) => [fixture.title, fixture] as const))('%s', (_title, { payload, items }) => {
    expect(decode(payload, settingsOf())).toEqual(items);
  });
});

describe('groups', () => {
  const message = (sender: string) => ({
    for_user_id: '4337869213',
    direct_message_events: [
      {
        type: 'message_create',
        id: '5',
        created_timestamp: '1516403560557',
        dm_conversation_id: '1582103724607971328',
        message_create: { sender_id: sender, target: {}, message_data: { text: 'all together' } },
      },
    ],
  });
  const chat = {
    data: {
      event_uuid: '1',
      filter: { user_id: '4337869213' },
      event_type: 'chat.received',
      payload: { conversation_id: 'g1582', sender_id: '17', id: '9', created_at_msec: 1 },
    },
  };

  it('are left out unless the channel answers them', () => {
    expect(decode(message('17'), settingsOf())).toEqual([]);
    expect(decode(chat, settingsOf())).toEqual([]);
  });

  it('are conversations of their own where the channel answers them, also for what the account itself wrote', () => {
    const address = { conversationId: '1582103724607971328' };
    const answered = settingsOf({ groups: 'answered' });
    expect(decode(message('17'), answered)).toMatchObject([
      { kind: 'activity', conversation: { id: 'group:1582103724607971328', address }, from: { id: '17' } },
    ]);
    expect(decode(message('4337869213'), answered)).toMatchObject([
      { kind: 'echo', conversation: { id: 'group:1582103724607971328', address } },
    ]);
    expect(decode(chat, answered)).toMatchObject([
      { kind: 'activity', conversation: { id: 'group:g1582' }, from: { id: '17' } },
    ]);
  });

  it('tell who came and went', () => {
    const joined = {
      for_user_id: '4337869213',
      direct_message_events: [
        {
          id: '6',
          event_type: 'ParticipantsJoin',
          sender_id: '17',
          dm_conversation_id: '158',
          created_at: '2022-10-19T20:45:58.000Z',
        },
      ],
    };
    expect(decode(joined, settingsOf({ groups: 'answered' }))).toMatchObject([
      { content: { type: 'event', name: 'twitter:participants-joined' }, begins: false, at: 1666212358000 },
    ]);
  });
});

describe('what is no delivery', () => {
  it.each([[null], ['text'], [[]], [{}], [{ direct_message_events: [] }]])('%j is refused by name', (payload) => {
    expect(() => decode(payload, settingsOf())).toThrow(ChannelError);
  });
});

it('a text that looks like a replacement pattern stays what it is', () => {
  const [item] = decode(
    {
      for_user_id: '1',
      direct_message_events: [
        {
          type: 'message_create',
          id: '7',
          message_create: {
            sender_id: '2',
            message_data: {
              text: 'see https://t.co/a',
              entities: { urls: [{ url: 'https://t.co/a', expanded_url: 'https://e.example/?q=$&' }] },
            },
          },
        },
      ],
    },
    settingsOf(),
  );
  expect(item).toMatchObject({ content: { text: 'see https://e.example/?q=$&' } });
});

it('a type named like something every object has is unknown', () => {
  const source = { id: '2' };
  const items = decode(
    { for_user_id: '1', follow_events: [{ type: '__proto__', created_timestamp: '1517588749179', source }] },
    settingsOf(),
  );
  expect(items).toMatchObject([{ content: { name: 'twitter:followed' } }]);
  const others = decode(
    { for_user_id: '1', odd_events: [{ type: 'constructor', created_timestamp: '1517588749179', source }] },
    settingsOf(),
  );
  expect(others).toMatchObject([{ content: { name: 'twitter:unknown' } }]);
});
