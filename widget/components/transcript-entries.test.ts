import { expect, test } from 'vitest';
import type { Activity } from '../../adapters/contract/index.ts';
import { transcriptEntries } from './transcript-entries.ts';

const visitor = { id: 'vis_1', role: 'user' as const };
const ann = { id: 'acc_1', role: 'agent' as const, name: 'Ann' };
const session = `ses_${'0'.repeat(32)}`;

const activity = (seq: number, minute: number, facts: Partial<Activity>): Activity => ({
  type: 'message',
  id: `${session}.${seq}`,
  timestamp: new Date(Date.UTC(2026, 10, 21, 9, minute)).toISOString(),
  channelId: 'web',
  channel: 'shop',
  from: ann,
  conversation: { id: session },
  seq,
  audience: 'all',
  ...facts,
});

const shown = (activities: Activity[], more: Partial<Parameters<typeof transcriptEntries>[0]> = {}) =>
  transcriptEntries({ activities, receipts: [], side: 'customer', self: visitor, notice: () => undefined, ...more });

test('messages of one sender within five minutes are one run, under one date', () => {
  const entries = shown([
    activity(1, 0, {}),
    activity(2, 4, {}),
    activity(3, 20, {}),
    activity(4, 21, { from: visitor }),
  ]);
  expect(entries.map((entry) => entry.kind)).toEqual(['date', 'message', 'message', 'message', 'message']);
  expect(entries.flatMap((entry) => (entry.kind === 'message' ? [[entry.first, entry.last]] : []))).toEqual([
    [true, false],
    [false, true],
    [true, true],
    [true, true],
  ]);
});

test('ticks follow the other side’s watermarks, not one’s own', () => {
  const own = [1, 2, 3].map((seq) => activity(seq, seq, { from: visitor, clientId: `c${seq}` }));
  const receipts = [
    { sessionId: session, participant: ann, delivered: 2, read: 1 },
    { sessionId: session, participant: visitor, delivered: 3, read: 3 },
  ];
  const entries = shown(own, { receipts });
  expect(entries.flatMap((entry) => (entry.kind === 'message' ? [entry.delivery] : []))).toEqual([
    'read',
    'delivered',
    'sent',
  ]);
});

test('a message on its way is shown once, and keeps its place when it is stored', () => {
  const pending = [{ clientId: 'c1', text: 'hi', at: Date.UTC(2026, 10, 21, 9), delivery: 'sending' as const }];
  const before = shown([], { pending });
  const after = shown([activity(1, 0, { from: visitor, clientId: 'c1', text: 'hi' })], { pending });
  expect(before.map(({ key }) => key)).toEqual(after.map(({ key }) => key));
  expect(after.filter(({ kind }) => kind === 'message')).toHaveLength(1);
});

test('events are shown in the words given for them, and not without', () => {
  const events = [
    activity(1, 0, { type: 'event', name: 'participant:joined' }),
    activity(2, 0, { type: 'event', name: 'x' }),
  ];
  const entries = shown(events, { notice: ({ name }) => (name === 'participant:joined' ? 'Ann joined' : undefined) });
  expect(entries.flatMap((entry) => (entry.kind === 'notice' ? [entry.text] : []))).toEqual(['Ann joined']);
});
