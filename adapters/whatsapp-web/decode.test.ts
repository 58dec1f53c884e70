import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settings } from './config.ts';
import { decode } from './decode.ts';
import { listenToMessages } from './events.ts';

interface Fixture {
  title: string;
  /** An event's name here, with the library's own objects and values. */
  heard: Record<string, unknown> | Record<string, unknown>[];
  items: object[];
}

const fixtures: Fixture[] = JSON.parse(readFileSync(new URL('./fixtures/heard.json', import.meta.url), 'utf8'));
const ignoring = settings.parse({});
const answering = settings.parse({ groups: 'answered' });

/** The library's events as it emits them. */
const emitted: Record<string, (item: Record<string, unknown>) => [string, ...unknown[]]> = {
  message: ({ message }) => ['message', message],
  'own-message': ({ message }) => ['message_create', message],
  edit: ({ message, text }) => ['message_edit', message, text, 'before'],
  revoke: ({ message }) => ['message_revoke_everyone', message, undefined],
  reaction: (reaction) => ['message_reaction', reaction],
  ack: ({ id, fromMe, ack }) => ['message_ack', { id, fromMe }, ack],
  call: (call) => ['call', call],
  renamed: ({ before, after }) => ['contact_changed', {}, before, after, true],
};

/** What is told of the library's event, through the listeners that a live client has. */
function heardOf(item: Record<string, unknown>): object[] {
  const told: object[] = [];
  const [event, ...values] = emitted[String(item.event)]?.(item) ?? ['none'];
  const extra = { at: item.at, ...(item.me === undefined ? {} : { me: item.me }) };
  listenToMessages(
    (name, hear) => {
      if (name === event) hear(...values);
    },
    (name, fields) => told.push({ event: name, ...extra, ...fields }),
  );
  return JSON.parse(JSON.stringify(told));
}

describe('what the library tells', () => {
  it.each(fixtures.map((fixture) => [fixture.title, fixture] as const))('%s', (_title, { heard, items }) => {
    const found = decode([heard].flat().flatMap(heardOf), ignoring);
    expect(found).toMatchObject(items);
    expect(found).toHaveLength(items.length);
  });

  it('keeps nothing of the library’s inner objects', () => {
    const message = {
      id: { _serialized: 'false_4917222@c.us_1' },
      type: 'chat',
      client: { secret: 's' },
      mediaKey: 'k',
      _data: { mediaKey: 'k' },
    };
    const [heard] = heardOf({ event: 'message', at: 1, message });
    expect(JSON.stringify(heard)).not.toMatch(/secret|mediaKey/);
  });

  it('survives objects that are nothing like messages', () => {
    for (const message of [undefined, null, 7, 'x', [], { id: null, _data: 7 }, { vCards: [7], pollOptions: [null] }]) {
      for (const event of Object.keys(emitted)) {
        const found = decode(heardOf({ event, at: 1, message, ack: null, before: 7 }), ignoring);
        expect(found.every((item) => item.kind === 'unreadable')).toBe(true);
      }
    }
  });
});

describe('groups that are answered', () => {
  const group = (fields: object) => ({
    event: 'message',
    at: 1,
    me: '4930111@c.us',
    message: {
      id: { _serialized: 'false_1203@g.us_1_4917222@c.us' },
      type: 'chat',
      body: 'hi',
      timestamp: 2,
      from: '1203@g.us',
      author: '4917222@c.us',
      ...fields,
    },
  });

  it('are one conversation, written to by each member', () => {
    expect(decode(heardOf(group({})), answering)).toMatchObject([
      {
        kind: 'activity',
        conversation: { id: 'group:1203@g.us', address: { chatId: '1203@g.us' } },
        from: { id: '4917222@c.us' },
      },
    ]);
  });

  it('name a quoted message by its author', () => {
    const quoting = group({ _data: { quotedStanzaID: 'Q1', quotedParticipant: { _serialized: '4917333@c.us' } } });
    expect(decode(heardOf(quoting), answering)).toMatchObject([
      { content: { target: 'false_1203@g.us_Q1_4917333@c.us' } },
    ]);
  });

  it('tell who came and went, and that we were removed', () => {
    const item = (change: string, who: string) => ({
      event: 'group',
      at: 3,
      me: '4930111@c.us',
      change,
      chat: '1203@g.us',
      who,
    });
    const found = decode([item('join', '4917222@c.us'), item('leave', '4930111@c.us')], answering);
    expect(found).toMatchObject([
      { content: { name: 'whatsapp-web:joined' }, begins: false },
      { content: { name: 'whatsapp-web:left' }, conversation: { closed: 'left' } },
    ]);
    expect(decode([item('join', '4917222@c.us')], ignoring)).toEqual([]);
  });
});
