import { html } from 'lit';
import type { MessageEntry } from '../transcript-entries.ts';
import './index.ts';

const entry = (facts: Partial<MessageEntry>): MessageEntry => ({
  kind: 'message',
  key: 'k',
  at: new Date('2026-11-21T10:24:00Z'),
  from: { id: 'a', name: 'Ann Lee', role: 'agent' },
  own: false,
  note: false,
  text: 'Your parcel left our house this morning.',
  attachments: [],
  first: true,
  last: true,
  ...facts,
});

const shown = (facts: Partial<MessageEntry>) => html`<foyer-message .entry=${entry(facts)}></foyer-message>`;
const own = { own: true, from: { id: 'v', role: 'user' as const } };

export const messageStories = {
  received: shown({}),
  link: shown({ text: 'Follow it here: https://shop.example/parcel/12 or write to help@shop.example' }),
  markup: shown({ text: '<img src=x onerror=alert(1)> javascript:alert(1)' }),
  sent: shown({ ...own, delivery: 'sent' }),
  read: shown({ ...own, delivery: 'read' }),
  sending: shown({ ...own, delivery: 'sending', clientId: 'c' }),
  failed: shown({ ...own, delivery: 'failed', clientId: 'c', failure: 'The text is longer than 10,000 characters.' }),
  removed: shown({ removed: true, text: '' }),
  note: shown({ note: true, text: 'Called before about the same parcel.' }),
};
