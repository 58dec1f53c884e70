import { html } from 'lit';
import type { TranscriptEntry } from '../transcript-entries.ts';
import './index.ts';

const at = new Date('2026-11-21T10:24:00Z');
const ann = { id: 'a', name: 'Ann Lee', role: 'agent' as const };
const said = { kind: 'message' as const, at, note: false, attachments: [], first: true, last: true };
const entries: TranscriptEntry[] = [
  { kind: 'date', key: 'd', at },
  {
    ...said,
    key: '1',
    own: true,
    from: { id: 'v', role: 'user' },
    text: 'Hello, where is my parcel?',
    delivery: 'read',
  },
  { kind: 'notice', key: 'n', at, text: 'Ann Lee joined the conversation' },
  { ...said, key: '2', own: false, from: ann, text: 'One moment, I am looking.', last: false },
  { ...said, key: '3', own: false, from: ann, text: 'It is on its way.', first: false },
];

export const transcriptStories = {
  conversation: html`<foyer-transcript .entries=${entries} .now=${() => at} .typing=${[ann]}></foyer-transcript>`,
  empty: html`<foyer-transcript></foyer-transcript>`,
};
